"""The U8 client without a server."""
