"""Orders on a site: entry, steps, log."""
