"""Pictures bred by hand: the session, its log, and the local page that shows it (paper, Figure 3)."""
