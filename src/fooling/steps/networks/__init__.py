"""Entry points that import and combine networks."""
