"""What a customer is told, sees and is judged by."""
