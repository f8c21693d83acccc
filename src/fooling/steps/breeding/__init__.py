"""Entry point of breeding by hand."""
