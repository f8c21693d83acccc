"""Entry point of gradient ascent."""
