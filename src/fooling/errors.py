"""The one exception that is meant for the user's eyes."""


class FoolingError(Exception):
    """A user's mistake or a damaged input, told in one sentence that says what to do."""
