"""Changing a confirmed order on paper: states, kinds, refusals and what WDT can still take (R-126..R-144)."""
