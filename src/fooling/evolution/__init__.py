"""MAP-Elites.

`map_elites` is one run, `together` many at once, `archive` the elites. `history` and `lineage` record a run; with
`find_ancestors` it is bred again from its record.
"""
