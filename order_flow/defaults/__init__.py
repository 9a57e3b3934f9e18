"""What the app ships as data: written once, then an administrator's to change."""
