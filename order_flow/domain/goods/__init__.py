"""Shipments, packing, picking, stock and what happens when there is too little of it."""
