"""Post finished orders into U8."""
