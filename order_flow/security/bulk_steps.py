"""A workflow's step for several documents at once, answered in the call itself.

Newer releases of the framework send the result over socket.io only: where that does not run, nobody would
learn which orders were refused and why.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.model import workflow
from frappe.utils import escape_html, get_link_to_form

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.access.row_rules import RULES
from order_flow.flow.records.values import names_of
from order_flow.flow.refusals import refuse_without_sight

FEW = 20
"""From so many on newer releases queue the work, and tell its end over socket.io."""


@endpoint(Verb.POST)
def bulk_workflow_approval(docnames: list | str, doctype: str, action: str) -> None:
    """Take a step for each document by itself: one that is refused holds up no other.

    Args:
        docnames: their names, or JSON of them.
        doctype: their DocType; those that are not ours go the framework's way.
        action: the step.

    Raises:
        ArgumentsRefused: the names are no list of names.
        frappe.PermissionError: the caller reads no document of the kind.
    """
    # Without this the framework's "DocType not found" would tell anybody which kinds exist.
    if doctype not in RULES and not frappe.db.exists("DocType", doctype):
        frappe.throw(
            _("Your roles may not do this. Ask the order desk or your administrator."), frappe.PermissionError
        )
    refuse_without_sight(doctype)
    names = names_of(docnames, "docnames")
    if doctype not in RULES or len(names) >= FEW:
        workflow.bulk_workflow_approval(json.dumps(names), doctype, action)
        return
    refused: dict[str, list[str]] = {}
    for name in names:
        if told := _refused(doctype, str(name), action):
            refused[str(name)] = told
    taken: dict[str, list[str]] = {str(name): [] for name in names if str(name) not in refused}
    indicator = ("orange" if taken else "red") if refused else "green"
    for title, answers in ((_("Refused"), refused), (_("Done"), taken)):
        if answers:
            frappe.msgprint(_table(title, doctype, answers), title=_(action), indicator=indicator)


def _refused(doctype: str, name: str, action: str) -> list[str]:
    """Take the step and store it; what was said where it was refused."""
    frappe.clear_messages()
    try:
        workflow.apply_workflow(frappe.get_doc(doctype, name), action)
        # Each document is a transaction of its own, as the framework has it.
        frappe.db.commit()
        return []
    except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
        frappe.db.rollback()
        said = [str(_words(message)) for message in frappe.get_message_log()]
        if not said and isinstance(error, frappe.PermissionError):
            said = [_("Your roles may not do this. Ask the order desk or your administrator.")]
        return said or [escape_html(str(error))]
    finally:
        frappe.clear_messages()


def _words(message: Any) -> Any:
    """The text of a kept message, which older releases keep as JSON."""
    kept = json.loads(message) if isinstance(message, str) else message
    return kept.get("message")


def _table(title: str, doctype: str, answers: dict[str, list[str]]) -> str:
    """Each document by its link, what was said about it below."""
    rows = (
        f"<details><summary>{get_link_to_form(doctype, name)}</summary>"
        + "".join(f"<div class='small text-muted'>{text}</div>" for text in said)
        + "</details>"
        for name, said in answers.items()
    )
    return f"<h4>{title}</h4>{''.join(rows)}"
