"""Gates on a site."""
