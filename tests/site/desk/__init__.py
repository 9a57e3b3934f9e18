"""What the desk asks beside the documents: search, pasted lines, receivers."""
