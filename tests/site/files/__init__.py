"""Orders by file."""
