"""Cancel an order, or call off what has not left."""
