"""Deep neural networks are easily fooled: a living reproduction of Nguyen, Yosinski and Clune (CVPR 2015).

The road: `data` -> `networks` and `training` -> fooling images (`encodings`, `evolution`, `ascent`) -> `experiments` ->
`results`, `tables`, `figures`, `claims` -> `release`, `gallery`. `artifacts` are the files that pass from one to the
next, `steps` the entry points, `settings` what they are told. To understand the whole, read `evolution/map_elites.py`,
`evolution/archive.py`, `encodings/cppn.py`, `networks/classifier.py` and `artifacts/fooling_set.py`.
"""
