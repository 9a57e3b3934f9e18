"""A working day of an online shop in simulated time, under the shipped defaults of every account."""
