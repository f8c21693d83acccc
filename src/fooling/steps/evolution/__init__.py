"""Entry points of evolution, one for each encoding."""
