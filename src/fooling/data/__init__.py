"""Data sets: where they come from, how they are read, and what their classes are called.

`sources` and `fetch` bring files; `formats`, `datasets`, `photographs`, `image_region`, `class_folders` read them;
`imagenet/` knows ILSVRC-2012, and `glyphs/` draws characters. What is known of a data set without reading it stands in
`fooling.settings.datasets`.
"""
