"""May this order take this step now; if not, why, and who can free it (design 1)."""
