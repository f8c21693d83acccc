"""What only Snakemake needs: code digests, the paths of results, what a configuration asks for."""
