"""Compare site, WDT and U8, and repair what differs."""
