"""Entry point that fetches data."""
