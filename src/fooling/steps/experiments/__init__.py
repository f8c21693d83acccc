"""Entry points of what is measured on networks and fooling images."""
