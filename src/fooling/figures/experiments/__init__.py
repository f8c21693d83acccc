"""Pictures of ablation, of siblings, and of the plane."""
