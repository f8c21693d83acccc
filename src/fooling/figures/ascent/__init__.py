"""Pictures of gradient ascent."""
