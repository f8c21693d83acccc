"""Results as tables and pictures need them: read, checked, and put into words.

Also `trace`, which tells where a result comes from, and `drawing`, the command line of tables and pictures.
"""
