"""What must hold whatever a document, a model, a file or a query says."""
