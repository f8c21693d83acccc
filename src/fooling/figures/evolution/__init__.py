"""Pictures of evolution: its images, its confidences, its history and ancestries."""
