"""The customer's page and evaluations."""
