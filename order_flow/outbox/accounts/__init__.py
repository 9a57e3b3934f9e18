"""Accounts of outside systems: whether they may be called, how they are, what disagrees."""
