"""Entry points of the workflow, one for each rule that computes: parse, call, save. Grouped by stage."""
