"""Shipments: packing, instructions, leaving."""
