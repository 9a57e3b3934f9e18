"""Between documents and rules: reads documents into facts, asks ``domain``, applies the answer.

Controllers, the REST methods and the synchronisation call this package; it calls ``domain`` and the
outbox and knows no client.
"""
