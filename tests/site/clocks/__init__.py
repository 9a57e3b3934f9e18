"""Clocks on a site."""
