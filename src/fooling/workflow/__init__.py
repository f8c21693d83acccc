"""What only the workflow needs: the whole configuration, result paths, code digests."""
