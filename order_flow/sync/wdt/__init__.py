"""Push orders to WDT and follow it."""
