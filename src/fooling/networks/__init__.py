"""Networks: architectures, published weights, files of weights, and how an image becomes confidences.

`libraries` says where each architecture comes from, `zoo` has the published networks, `network_file` the one file for
all of them, `classifier` what everybody calls.
"""
