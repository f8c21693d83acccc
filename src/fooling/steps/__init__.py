"""One entry point per workflow rule: parse, call, save."""
