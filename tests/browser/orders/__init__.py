"""Orders in the browser."""
