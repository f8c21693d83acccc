"""What pictures share: the style, pages, grids of images, captions, cells and axes."""
