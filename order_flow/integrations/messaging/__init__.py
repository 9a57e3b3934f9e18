"""Short messages to customers, by text message or WeCom (R-370)."""
