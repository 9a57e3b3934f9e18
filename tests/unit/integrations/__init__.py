"""What both clients share."""
