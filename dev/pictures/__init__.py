"""The pictures of the documents, taken from the demo site."""
