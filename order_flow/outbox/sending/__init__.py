"""Claim, send and settle messages."""
