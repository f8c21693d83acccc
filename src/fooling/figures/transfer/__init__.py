"""Pictures of what fools several networks."""
