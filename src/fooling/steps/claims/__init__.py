"""Entry points of the claims: the table of verdicts, and the check of promised ones."""
