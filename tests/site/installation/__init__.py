"""Installation, defaults, pages."""
