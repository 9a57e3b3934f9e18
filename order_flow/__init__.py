"""order_flow: the order's life from entry to completion, in step with 旺店通 and 用友 U8, on Frappe 15."""

__version__ = "0.1.0"
