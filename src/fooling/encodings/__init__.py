"""Encodings of images: genomes, their mutation, and how they are drawn. None knows a network or an archive.

`direct` has a number for each pixel; `cppn` has a network that draws (genomes, compiled kernels, renderers).
"""
