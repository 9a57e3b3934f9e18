"""Change notices, from request to the new version of the order."""
