"""Gradient ascent on an image: the loop, the rule of its step, what clips its pixels, and the moments that are kept."""
