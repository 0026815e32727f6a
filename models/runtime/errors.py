"""The one exception whose text is meant for the person in front of the page."""


class UserError(Exception):
    """One plain sentence: which thing, why it cannot be used, and what to do now."""
