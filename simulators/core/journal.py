"""Ring of the last requests, for tests and for the page."""

import fnmatch
import json
import threading
from collections import deque
from dataclasses import dataclass

MASK = "***"
CAPACITY = 2000
SHOWN_CHARACTERS = 4000


@dataclass(frozen=True)
class Entry:
    """One handled request.

    Args:
        number: sequence, from 1.
        at: wall time, ISO text.
        method: HTTP method.
        endpoint: endpoint name.
        parameters: masked parameters.
        status: HTTP status sent, 0 when the connection was closed without an answer.
        answer: payload of the answer (also when it was dropped or garbled), None when not processed.
        faults: kinds that fired.
        milliseconds: time spent.
    """

    number: int
    at: str
    method: str
    endpoint: str
    parameters: dict[str, str]
    status: int
    answer: object
    faults: list[str]
    milliseconds: float

    def as_dict(self) -> dict[str, object]:
        """JSON-able form; a long answer is cut to its first characters."""
        answer = self.answer
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        if len(text) > SHOWN_CHARACTERS:
            answer = text[:SHOWN_CHARACTERS]
        return {**self.__dict__, "answer": answer, "milliseconds": round(self.milliseconds, 2)}


class Journal:
    """The ring; old entries fall out."""

    def __init__(self, secret_parameters: frozenset[str]) -> None:
        self._secrets = secret_parameters
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=CAPACITY)
        self._count = 0

    def add(
        self, at: str, method: str, endpoint: str, parameters: dict[str, str], status: int, answer: object,
        faults: list[str], milliseconds: float,
    ) -> None:  # fmt: skip
        """Record one request; see Entry for the arguments."""
        masked = {k: MASK if k in self._secrets else v for k, v in parameters.items()}
        with self._lock:
            self._count += 1
            self._entries.append(
                Entry(self._count, at, method, endpoint, masked, status, answer, faults, milliseconds)
            )

    def entries(self, endpoint: str = "*", limit: int = CAPACITY) -> list[Entry]:
        """Newest entries last.

        Args:
            endpoint: glob over endpoint names.
            limit: at most so many, the newest.
        """
        with self._lock:
            found = [e for e in self._entries if fnmatch.fnmatchcase(e.endpoint, endpoint)]
        return found[-limit:] if limit > 0 else []

    def clear(self) -> None:
        """Forget all entries and start counting again."""
        with self._lock:
            self._entries.clear()
            self._count = 0
