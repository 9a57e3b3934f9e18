"""What people do in the ERP, and what follows from it."""
