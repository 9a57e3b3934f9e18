"""Hands short messages to the messaging service; what it never takes becomes a call (R-370, R-376)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import frappe

from order_flow.domain.customers.notices import Obstacle
from order_flow.domain.message import Message
from order_flow.flow.notices.calls import ask_to_call
from order_flow.flow.notices.texts import NoticeText
from order_flow.integrations.errors import IntegrationError
from order_flow.integrations.messaging.port import Medium, MessagingPort, ShortMessage
from order_flow.outbox.handler import ActionHandler, Answer, Done, OutboxRow, Prepared


@dataclass(frozen=True, slots=True)
class Work:
    """One message of a row."""

    row: OutboxRow
    message: ShortMessage


class CustomerMessage(ActionHandler[Work, MessagingPort]):
    """One notice to a customer; the service takes its reference once, so sending it again is safe."""

    repeatable = True

    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[Work]:
        """The text as it was fixed with the event: a later state of the order is another notice."""
        row = rows[0]
        told = row.payload
        return Prepared(
            Work(row, ShortMessage(row.document, Medium(told["medium"]), told["to"], told["text"]))
        )

    def send(self, work: Work, port: MessagingPort) -> Mapping[int, Answer]:
        """Hand it over."""
        try:
            number = port.send(work.message)
        except IntegrationError as error:
            return {work.row.name: error}
        return {work.row.name: Done(reference=number, digest=Message("Taken by the messaging service."))}

    def gave_up(self, row: OutboxRow, reason: str) -> None:
        """The customer must hear of it all the same: somebody calls."""
        notice = frappe.get_doc(row.document_type, row.document)
        if not frappe.db.exists("ToDo", notice.name):
            order = frappe.get_doc(notice.reference_doctype, notice.reference_name)
            text = NoticeText(notice.subject, notice.content)
            ask_to_call(order, notice.name, text, Obstacle.NOT_DELIVERED)
