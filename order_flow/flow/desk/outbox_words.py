"""Says in the reader's words what became of a message to an outside system, and what happens next (R-027)."""

from __future__ import annotations

from frappe import _

from order_flow.outbox.states import ErrorKind


def outcome_words(kind: str | None, reason: str | None) -> str:
    """One sentence about the last attempt, then the reason as it was written down.

    Args:
        kind: stored ``ErrorKind`` of the last attempt; empty where there was none or it went well.
        reason: what the other side or the program said, in its own language.
    """
    if not kind:
        return reason or _("waiting for its turn")
    meaning = {
        ErrorKind.TRANSIENT: _("It does not answer at present. Sending is tried again by itself."),
        ErrorKind.RATE_LIMITED: _("It asks to be called less often. Sending goes on by itself."),
        ErrorKind.REJECTED: _("It refused the message. Correct what it names, then send again."),
        ErrorKind.MISCONFIGURED: _("The account's settings do not fit. A System Manager corrects them."),
        ErrorKind.OUTCOME_UNKNOWN: _("Its answer was lost. It is asked what it has before anything is sent."),
        ErrorKind.DEFECT: _("The program made a mistake. A System Manager reads the Error Log."),
        ErrorKind.WORKER_LOST: _("The work was interrupted. It is taken up again by itself."),
    }[ErrorKind(kind)]
    return f"{meaning} {reason}" if reason else meaning
