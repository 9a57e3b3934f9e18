"""The REST methods over HTTP."""
