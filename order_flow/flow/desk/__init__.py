"""What the desk, the phone and a client show of an order and may do next."""
