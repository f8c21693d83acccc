"""The gallery: all fooling images of a configuration as a web page that opens from disk."""
