"""Gradient ascent on an image (paper, section 3.7).

`gradient_ascent` is the loop, around the `mean_image`; `step_rule` moves an image, `regularisation` smooths and clips
it, `milestones` keeps it. `outcome` is what an ascent leaves behind.
"""
