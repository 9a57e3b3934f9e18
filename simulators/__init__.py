"""Stand-ins for the outside systems: real HTTP servers that speak the published contracts.

They import nothing from ``order_flow`` (own signature, own tables), so that a mistake shared by client
and stand-in cannot hide, and they need nothing but the standard library.
"""
