"""Entry point that makes the data set of fooling images."""
