"""Pictures of networks that were trained with fooling images."""
