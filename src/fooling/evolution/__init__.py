"""MAP-Elites: one elite per class."""
