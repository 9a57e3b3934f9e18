"""Phones and customers in the browser."""
