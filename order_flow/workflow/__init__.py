"""Turns the tables of ``domain/states`` into what the framework's desk understands, idempotently."""
