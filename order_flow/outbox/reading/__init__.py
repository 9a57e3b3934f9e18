"""Read streams of the outside systems, page by page."""
