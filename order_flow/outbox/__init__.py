"""The engine that tells the outside systems what happened, exactly once, and remembers what it told.

A message is a row of ``Sync Outbox``, written in the transaction that changes the document (``enqueue``).
The relay claims due rows, sends them outside any transaction and settles them (``relay``). What a failure
means is decided by pure functions (``policy``). The database is the queue; Redis is only the bell.
"""
