"""WDT's contract."""
