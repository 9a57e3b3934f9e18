"""Site, WDT and U8 together."""
