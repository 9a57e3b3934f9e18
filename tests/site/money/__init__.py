"""Money on a site."""
