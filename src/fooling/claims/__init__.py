"""The paper's claims, judged by the tables of a run."""
