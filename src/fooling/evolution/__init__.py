"""MAP-Elites.

`map_elites` is one run, `together` many at once, `archive` the elites, `outcome` what a run leaves behind. `history`
and `lineage` record a run; with `find_ancestors` it is bred again from its record.
"""
