"""The rules of the order flow as plain Python.

Nothing in this package imports frappe, a client or a database: every rule is a pure function over
plain values, so that it runs in milliseconds and can be read without knowing the framework.
"""
