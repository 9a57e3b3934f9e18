"""A refusal in the vendor's form: HTTP 200, a code that is not 0, a message."""

from simulators.wdt.codes import Code


class Refusal(Exception):
    """The call is refused; nothing is stored.

    Args:
        code: answer code (wdt-openapi 1.4).
        message: the vendor's text.
    """

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
