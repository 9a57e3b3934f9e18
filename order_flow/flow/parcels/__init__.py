"""The document of a shipment: what it takes over, what its stages ask, what it sets going."""
