"""Entry point that makes the gallery."""
