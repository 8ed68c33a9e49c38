"""One module per kind of source: bytes in, records out."""
