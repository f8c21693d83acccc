"""The web page of all fooling images: the files that it needs, and the page itself in `page/`."""
