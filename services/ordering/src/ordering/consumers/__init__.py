"""One module a source service: event in, use case out."""
