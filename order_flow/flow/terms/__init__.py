"""Payment terms, the figures and the credit of an order."""
