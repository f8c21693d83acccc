"""Training: small networks from scratch, networks on ImageNet, one further output of a frozen network.

`fooling_class` turns fooling images into one more class of a data set (paper, section 3.5).
"""
