"""Builders and tools that site tests share."""
