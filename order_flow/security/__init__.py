"""What guards the doors of the framework: rights of documents, files, fields, queries and exports."""
