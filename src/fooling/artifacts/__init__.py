"""Files that the steps hand to each other: what each holds, written whole, checked when it is read.

`storage` writes and reads arrays, `layout` says what shape they have. One module owns each kind of file: `fooling_set`,
`elites`, `ancestors`, `features`, `ablation`, `plane`, `bred`. `provenance` records where a file comes from,
`checkpoint` continues interrupted work. Nothing here imports torch.
"""
