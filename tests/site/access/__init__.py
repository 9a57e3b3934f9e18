"""Who may not."""
