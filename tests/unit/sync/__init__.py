"""Rules of the comparison."""
