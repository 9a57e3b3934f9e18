"""Tasks and bells for roles and people."""
