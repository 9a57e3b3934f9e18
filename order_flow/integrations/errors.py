"""What went wrong with an outside call, by what the caller must do next.

::

    IntegrationError
    ├── Transient              try again later; nothing was changed over there (or a repeat is harmless)
    │   ├── RateLimited        the same, but the whole account must rest for a while
    │   │   └── NoCallLeft     our own limit: nobody was called and nothing failed, go on a little later
    │   └── UnreadableAnswer   one record of the answer cannot be understood: concerns what was asked for
    ├── Rejected               never try again as it is: the far side said no to this content
    ├── Misconfigured          credentials, rights or settings are wrong: the account is paused
    │   └── Blocked            the same as far as one call tells, but not in the interface's own words
    └── OutcomeUnknown         it may have arrived: look it up before anything else
"""

from __future__ import annotations


class IntegrationError(Exception):
    """Base of all failures of an outside call.

    Args:
        message: what happened in an operator's words; never contains a secret.
        code: the far side's own code, if it gave one.
        retry_after: seconds the far side asked us to wait, if it did.
    """

    def __init__(self, message: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retry_after = retry_after
        self.payload: dict[str, object] | None = None
        """The far side's own words (a JSON object) where it refused by an HTTP status."""


class Transient(IntegrationError):
    """The call failed without effect, or a repeat is harmless: try again later."""


class RateLimited(Transient):
    """The far side refuses calls for a while: the whole account rests, not just this row."""


class NoCallLeft(RateLimited):
    """Our own limit has no call left for this use of the account: the far side was not asked."""


class UnreadableAnswer(Transient):
    """One record of an answer cannot be understood; other questions can still be answered.

    Args:
        message: what is wrong, in an operator's words.
        key: the record's id over there; "" where it has none.
        record: the record as it came.
    """

    def __init__(self, message: str, *, key: str = "", record: object = None) -> None:
        super().__init__(message, code="unreadable")
        self.key = key
        self.record = record


class Rejected(IntegrationError):
    """The far side refused the content; sending it again unchanged cannot succeed."""


class Misconfigured(IntegrationError):
    """Credentials, rights or settings are wrong; every further call would fail as well."""


class Blocked(Misconfigured):
    """A page that is not the interface's answered: a wrong address, or a firewall that dislikes this content.

    Whoever sent several things at once finds out which of the two by a call without content.
    """


class OutcomeUnknown(IntegrationError):
    """The request may have been carried out although no usable answer came back."""
