"""Detectors of images that a network should not judge, and what they look at."""
