"""What of an order is told outside."""
