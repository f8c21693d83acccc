"""Fooling images for neural networks: a reproduction of Nguyen, Yosinski and Clune (CVPR 2015)."""
