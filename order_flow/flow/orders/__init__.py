"""Entry of an order, its numbers, lines and standing."""
