"""QuickBooks' query language: `grammar` reads a statement, `compiler` turns it into SQL, `run` answers it."""
