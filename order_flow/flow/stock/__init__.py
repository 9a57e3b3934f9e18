"""Stock levels, issues and reservations."""
