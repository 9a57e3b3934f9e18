"""Tracking and messaging services."""
