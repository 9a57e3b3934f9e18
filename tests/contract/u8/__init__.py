"""U8's contract."""
