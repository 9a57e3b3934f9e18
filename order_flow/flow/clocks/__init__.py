"""Clocks stored: rules, events, alerts, the sweep."""
