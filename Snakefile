"""The door: Snakemake finds this file and `profiles/default` by itself."""


include: "workflow/Snakefile"


# What is made when nothing is named; an included file cannot set it.
workflow.default_target = "all"
