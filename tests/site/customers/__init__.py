"""What customers see and hear."""
