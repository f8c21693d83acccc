"""Pictures, one module each, grouped by what they show: `python -m fooling.figures.GROUP.NAME --help`.

`parts/` has what they share. Pictures read results and know neither torch nor the steps that made them.
"""
