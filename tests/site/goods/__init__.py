"""Stock, shipments and deliveries on a site."""
