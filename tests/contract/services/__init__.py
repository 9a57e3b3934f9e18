"""Contracts of tracking and messaging."""
