"""Admin verbs and page of the U8 stand-in.

Paths below ``/_admin/u8/`` (JSON; ``to_account`` and ``ds_sequence`` choose a ledger, default the first)::

    GET|POST   ledgers     the fields of master_data.LedgerKey
    GET        documents   ?resource=saleorder   every document with lines, state and key
    GET|POST   archives    ?resource=customer    {resource, records: [{code, name, ...}], remove: [code]}
    GET|POST   periods     {module?: SA|AR, year, closed: [months]}   without module: both
    GET        work        every accepted add with key, polls and answer
    DELETE     tokens      all tokens die
    DELETE     results     finished results can no longer be fetched
"""

from dataclasses import asdict
from typing import Any, Final

from simulators.core import AdminError, Answer, Request, Section, Store
from simulators.u8.access import Access
from simulators.u8.contract import Archive, DocumentType, Module
from simulators.u8.ledger import Ledger
from simulators.u8.master_data import LedgerKey, create_ledger
from simulators.u8.resources import RESOURCES
from simulators.u8.work import WorkBook

_SHOWN_ROWS: Final = 100
_LEDGER_FIELDS: Final[dict[str, type]] = {
    "from_account": str,
    "to_account": str,
    "app_key": str,
    "app_secret": str,
    "ds_sequence": int,
    "name": str,
    "price_decimals": int,
}


class AdminDesk:
    """What tests and the demo do behind the API's back.

    Args:
        store: the simulator's database.
        work: accepted adds.
        access: tokens.
    """

    def __init__(self, store: Store, work: WorkBook, access: Access) -> None:
        self._store = store
        self._work = work
        self._access = access

    def answer(self, request: Request, parts: list[str]) -> Answer | None:
        """Carry out one verb; None when there is no such path.

        Raises:
            AdminError: the request cannot be carried out.
        """
        match (request.method, *parts):
            case ("GET", "ledgers"):
                return Answer({"ledgers": self._ledger_rows()})
            case ("POST", "ledgers"):
                create_ledger(self._store, _ledger_key(_body(request)))
                return Answer({"ledgers": self._ledger_rows()})
            case ("GET", "documents"):
                return Answer({"documents": self._documents(request)})
            case ("GET", "archives"):
                book = self._ledger(request.query)
                return Answer({"records": book.archive_rows(_archive(request.query.get("resource")))})
            case ("POST", "archives"):
                return self._change_archive(_body(request))
            case ("GET", "periods"):
                return Answer({"closed": self._ledger(request.query).closed_months()})
            case ("POST", "periods"):
                return self._close(_body(request))
            case ("GET", "work"):
                return Answer({"work": [asdict(entry) for entry in self._work.all()]})
            case ("DELETE", "tokens"):
                self._access.forget_tokens()
                return Answer({"tokens": 0})
            case ("DELETE", "results"):
                self._work.forget_results()
                return Answer({"results": 0})
        return None

    def summary(self) -> dict[str, object]:
        """Ledgers with document counts and closed months, and the number of running adds."""
        running = sum(1 for entry in self._work.all() if entry.finished is None)
        return {"ledgers": self._ledger_rows(), "running": running}

    def sections(self) -> list[Section]:
        """Tables of the page: documents, then adds with their keys."""
        documents: list[list[object]] = []
        for book in self._ledgers():
            for kind in DocumentType:
                for document in book.documents(RESOURCES[kind.value])[-_SHOWN_ROWS:]:
                    head = document.head
                    amount = head.get("sum") or head.get("amount")
                    when = head.get(RESOURCES[kind.value].date_field)
                    documents.append(
                        [
                            book.label,
                            kind.value,
                            document.code,
                            when,
                            document.state.value,
                            amount,
                            document.key,
                        ]
                    )
        adds: list[list[object]] = []
        for entry in self._work.all()[-_SHOWN_ROWS:]:
            outcome = "running" if entry.answer is None else entry.answer.get("errmsg") or "done"
            adds.append([entry.key, entry.resource, entry.requestid, entry.polls, outcome])
        return [
            Section("Documents", ["ledger", "kind", "number", "date", "state", "amount", "key"], documents),
            Section("Adds and keys", ["key", "kind", "request", "polls", "outcome"], adds),
        ]

    def _ledgers(self) -> list[Ledger]:
        return [Ledger(self._store, row) for row in self._store.rows("SELECT * FROM u8_ledger ORDER BY id")]

    def _ledger_rows(self) -> list[dict[str, object]]:
        shown: list[dict[str, object]] = []
        for book in self._ledgers():
            counts = {kind.value: book.document_count(RESOURCES[kind.value]) for kind in DocumentType}
            shown.append({"ledger": book.label, "documents": counts, "closed": book.closed_months()})
        return shown

    def _ledger(self, choice: dict[str, Any]) -> Ledger:
        to_account, sequence = choice.get("to_account"), choice.get("ds_sequence")
        row = self._store.row(
            "SELECT * FROM u8_ledger WHERE (? IS NULL OR to_account = ?)"
            " AND (? IS NULL OR ds_sequence = CAST(? AS INTEGER)) ORDER BY id LIMIT 1",
            to_account, to_account, sequence, sequence,
        )  # fmt: skip
        if row is None:
            raise AdminError(f"no ledger {to_account}/{sequence}; see GET /_admin/u8/ledgers", 404)
        return Ledger(self._store, row)

    def _documents(self, request: Request) -> list[dict[str, object]]:
        book = self._ledger(request.query)
        try:
            kind = DocumentType(request.query.get("resource", DocumentType.SALE_ORDER.value))
        except ValueError as error:
            raise AdminError(f"{error}; known are {', '.join(DocumentType)}") from error
        resource = RESOURCES[kind.value]
        found = [book.document(resource, entry.code) for entry in book.documents(resource)]
        return [asdict(entry) for entry in found if entry is not None]

    def _change_archive(self, body: dict[str, Any]) -> Answer:
        book = self._ledger(body)
        archive = _archive(body.get("resource"))
        for record in body.get("records", []):
            if not isinstance(record, dict) or not record.get("code"):
                raise AdminError(f"a record needs at least a code, got {record!r}")
            values = {name: str(value) for name, value in record.items()}
            book.put_archive(archive, values["code"], values)
        for code in body.get("remove", []):
            book.remove_archive(archive, str(code))
        return Answer({"records": len(book.archive_rows(archive))})

    def _close(self, body: dict[str, Any]) -> Answer:
        book = self._ledger(body)
        year, months = body.get("year"), body.get("closed")
        if not isinstance(year, int) or not isinstance(months, list):
            raise AdminError('the body must be {"year": number, "closed": [month numbers], "module": "SA"}')
        if any(not isinstance(month, int) or not 1 <= month <= 12 for month in months):
            raise AdminError(f"months are numbers from 1 to 12, got {months}")
        try:
            modules = [Module(body["module"])] if "module" in body else list(Module)
        except ValueError as error:
            raise AdminError(f"{error}; known are {', '.join(Module)}") from error
        for module in modules:
            book.set_closed(module, year, months)
        return Answer({"closed": book.closed_months()})


def _body(request: Request) -> dict[str, Any]:
    data = request.json()
    if not isinstance(data, dict):
        raise AdminError(f"the body must be a JSON object, got {type(data).__name__}")
    return data


def _archive(name: object) -> Archive:
    try:
        return Archive(str(name))
    except ValueError as error:
        raise AdminError(f"{error}; known archives are {', '.join(Archive)}") from error


def _ledger_key(body: dict[str, Any]) -> LedgerKey:
    for name, value in body.items():
        if name not in _LEDGER_FIELDS or not isinstance(value, _LEDGER_FIELDS[name]):
            raise AdminError(f"{name}={value!r} is no field of a ledger; fields are {list(_LEDGER_FIELDS)}")
    try:
        return LedgerKey(**body)
    except TypeError as error:
        raise AdminError(f"the ledger is not complete: {error}") from error
