"""Working time, the clocks of an order and when they start, pause and stop."""
