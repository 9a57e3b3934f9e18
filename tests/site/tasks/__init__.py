"""Tasks of roles."""
