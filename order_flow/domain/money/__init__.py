"""Terms, payments, credit, credit notes and letters of credit."""
