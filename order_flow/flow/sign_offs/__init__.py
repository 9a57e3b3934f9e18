"""Answers of departments, and the templates that ask for them."""
