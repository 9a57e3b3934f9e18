"""What is refused, in tables."""
