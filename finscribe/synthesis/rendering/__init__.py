"""Pages that can be looked at: PDFs and scans of documents, and what is read of them again."""
