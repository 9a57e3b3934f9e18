"""Proof of delivery, claims, replacements."""
