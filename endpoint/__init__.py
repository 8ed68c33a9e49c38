"""The web front: SPARQL endpoint and pages."""
