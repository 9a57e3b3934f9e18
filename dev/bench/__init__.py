"""`make bench`: how fast the app is, as ratios to the bare framework within one run (design 8)."""
