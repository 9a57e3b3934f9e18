"""The WDT client without a server."""
