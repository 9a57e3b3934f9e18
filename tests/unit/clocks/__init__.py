"""Rules of clocks."""
