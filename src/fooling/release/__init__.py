"""The fooling images as a data set for others: files, datasheet, metadata and tarball."""
