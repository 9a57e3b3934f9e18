"""The interface for other systems, as far as it needs no site."""
