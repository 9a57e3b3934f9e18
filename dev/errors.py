"""The one error of the host: what happened, why, what to do next."""

from __future__ import annotations


class HostError(Exception):
    """Something on the host went wrong in a way that a person can put right.

    Args:
        what: what happened, one sentence.
        why: the reason as far as it is known.
        cure: what to do next.
    """

    def __init__(self, what: str, why: str, cure: str) -> None:
        super().__init__(f"{what} {why} {cure}")
        self.what = what
        self.why = why
        self.cure = cure

    def report(self) -> str:
        """The error in three labelled lines for a terminal."""
        return f"error: {self.what}\n  why:  {self.why}\n  cure: {self.cure}"
