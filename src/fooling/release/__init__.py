"""The fooling images of a run as a data set for others: distinct images, labels, sources, checksums, description."""
