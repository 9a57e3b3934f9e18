"""Where documents and outside systems meet: the outbox's handlers, reading back, and reconciliation.

Everything here may know documents (through ``flow``) and ports (through ``integrations``); nothing knows
HTTP. The outbox calls the handlers by the paths in its registry, the scheduler calls the readers.
"""
