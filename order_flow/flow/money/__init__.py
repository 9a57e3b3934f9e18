"""Payments, credit, credit notes, letters of credit, what is overdue."""
