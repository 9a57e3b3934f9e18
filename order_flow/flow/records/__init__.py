"""Read and write documents: values, rows, guards, the order's own record."""
