"""Typed settings, one module per step; torch-free, so that the workflow can read them quickly."""
