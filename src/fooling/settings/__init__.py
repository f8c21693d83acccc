"""Settings of each step as typed models, and `config`, the whole configuration. Nothing here imports torch."""
