"""Too little stock: decisions, allocation, reminders."""
