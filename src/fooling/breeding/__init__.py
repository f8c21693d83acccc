"""Pictures bred by hand, as on Picbreeder: a session, its log, the local page, and the replay of a log."""
