"""Data sets: where they come from, how they are read, and what their classes are called.

`sources` and `fetch` bring files; `datasets`, `photographs`, `class_folders` read them; `imagenet/` knows ILSVRC-2012.
"""
