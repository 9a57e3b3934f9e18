"""The steps of an order: taken by people, or by facts."""
