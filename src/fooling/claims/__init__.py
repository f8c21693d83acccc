"""The paper's claims, judged.

`rules` says how each is measured, `tables` reads the results, `verdicts` decides, `page` shows the verdicts.
"""
