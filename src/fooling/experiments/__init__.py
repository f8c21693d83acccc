"""What is measured on networks and fooling images.

Transfer, ablation, the plane of Figure 14, siblings, natural images, and what retrained networks make of images.
"""
