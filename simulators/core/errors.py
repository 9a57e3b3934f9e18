"""Errors of the admin endpoint."""


class AdminError(Exception):
    """An admin request that cannot be carried out.

    Args:
        message: what happened, why, and what to do next.
        status: HTTP status to answer with (400 wrong request, 404 unknown thing, 409 wrong state).
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
