"""Rules of reviews and changes."""
