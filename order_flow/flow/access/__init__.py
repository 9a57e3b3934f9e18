"""Whose rows and prices a user sees, and which roles he needs."""
