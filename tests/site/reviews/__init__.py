"""Reviews on a site."""
