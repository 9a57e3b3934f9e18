"""Departments' answers to an order or a change."""
