"""Change notices on a site."""
