"""The cases of the SPARQL 1.1 Protocol, as requests on the wire and what must come back."""
