"""What must be told outside, what came back, and where the sides differ (design 5)."""
