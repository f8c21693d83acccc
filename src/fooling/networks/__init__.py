"""The networks that are fooled, and their training."""
