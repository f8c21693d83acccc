"""Pictures of what was bred by hand."""
