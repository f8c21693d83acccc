"""ILSVRC-2012: its 1000 classes, the folder of its images, and photographs that stand for it."""
