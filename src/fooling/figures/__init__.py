"""One module per kind of picture; figures only read results."""
