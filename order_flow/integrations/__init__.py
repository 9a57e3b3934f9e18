"""Clients of the outside systems, behind ports of a few methods. They know no documents and no database."""
