"""The place of a CRM: no interface was supplied (R-346), so the port ships empty and off."""
