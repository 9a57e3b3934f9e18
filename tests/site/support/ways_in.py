"""Every way in which somebody may try to move an order: what desk, REST, import, bulk and jobs call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe.core.doctype.data_import.importer import Importer
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.desk.form import save as desk_form
from frappe.model.workflow import apply_workflow, bulk_workflow_approval
from frappe.utils.background_jobs import execute_job

from order_flow.domain.states import DOCSTATUS, OrderState, OrderStep
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order

StateWay = Callable[[str, OrderState], object]
"""Writes another state on an order."""
StepWay = Callable[[str, OrderStep], object]
"""Asks for a step by its name."""


def _with_state(order: str, state: OrderState) -> Any:
    document = frappe.get_doc("Order", order)
    document.workflow_state = state.value
    document.docstatus = DOCSTATUS[state]
    return document


def save(order: str, state: OrderState) -> object:
    """A script that saves the document with another state."""
    return _with_state(order, state).save()


def save_state_only(order: str, state: OrderState) -> object:
    """The same without the document status that belongs to the state."""
    document = frappe.get_doc("Order", order)
    document.workflow_state = state.value
    return document.save()


def submit_or_cancel(order: str, state: OrderState) -> object:
    """A script that uses the framework's own verbs."""
    document = frappe.get_doc("Order", order)
    document.workflow_state = state.value
    return {0: document.save, 1: document.submit, 2: document.cancel}[DOCSTATUS[state]]()


def desk_save(order: str, state: OrderState) -> object:
    """The desk's save button with a form that somebody tampered with."""
    document = frappe.get_doc("Order", order)
    document.workflow_state = state.value
    action = {0: "Save", 1: "Submit" if document.docstatus == 0 else "Update", 2: "Cancel"}[DOCSTATUS[state]]
    return desk_form.savedocs(frappe.as_json(document.as_dict()), action)


def client_set_value(order: str, state: OrderState) -> object:
    """``frappe.client.set_value``, also what the list's inline edit calls."""
    values = {"workflow_state": state.value, "docstatus": DOCSTATUS[state]}
    return frappe.call("frappe.client.set_value", "Order", order, json.dumps(values))


def client_save(order: str, state: OrderState) -> object:
    """``frappe.client.save`` with the whole document."""
    return frappe.call("frappe.client.save", frappe.as_json(_with_state(order, state).as_dict()))


def client_bulk_update(order: str, state: OrderState) -> object:
    """``frappe.client.bulk_update``, which collects its failures."""
    values = {
        "doctype": "Order",
        "docname": order,
        "workflow_state": state.value,
        "docstatus": DOCSTATUS[state],
    }
    return frappe.call("frappe.client.bulk_update", json.dumps([values]))


def list_bulk_edit(order: str, state: OrderState) -> object:
    """The list's bulk edit, which collects its failures."""
    values = {"workflow_state": state.value, "docstatus": DOCSTATUS[state]}
    return submit_cancel_or_update_docs("Order", json.dumps([order]), "update", values)


def import_update(order: str, state: OrderState) -> object:
    """Data Import's update of existing records."""
    values = {"name": order, "workflow_state": state.value, "docstatus": DOCSTATUS[state]}
    return importer_of("Order").update_record(frappe._dict(values))


def job_save(order: str, state: OrderState) -> object:
    """A background job that writes the state."""
    return run_job(save, order=order, state=state)


STATE_WAYS: tuple[StateWay, ...] = (
    save,
    save_state_only,
    submit_or_cancel,
    desk_save,
    client_set_value,
    client_save,
    client_bulk_update,
    list_bulk_edit,
    import_update,
    job_save,
)
STATE_ONLY_WAYS = frozenset({save_state_only})
"""Ways that leave the document status as it is, so that they cannot cross a submission."""


def workflow_action(order: str, step: OrderStep) -> object:
    """The desk's action button."""
    return apply_workflow(frappe.get_doc("Order", order), step.value)


def forged_workflow_action(order: str, step: OrderStep) -> object:
    """The same call with a document that claims to stand where the step is allowed."""
    document = frappe.get_doc("Order", order).as_dict()
    document.update(workflow_state=OrderState.UNCONFIRMED.value, docstatus=0)
    return apply_workflow(frappe.as_json(document), step.value)


def bulk_workflow(order: str, step: OrderStep) -> object:
    """The list's bulk action, which collects its failures."""
    return bulk_workflow_approval(json.dumps([order]), "Order", step.value)


def app_step(order: str, step: OrderStep) -> object:
    """The app's own function."""
    return take_step(locked_order(order), step)


def job_step(order: str, step: OrderStep) -> object:
    """The same in a background job."""
    return run_job(app_step, order=order, step=step)


STEP_WAYS: tuple[StepWay, ...] = (
    workflow_action,
    forged_workflow_action,
    bulk_workflow,
    app_step,
    job_step,
)

COLLECTING_WAYS = frozenset({client_bulk_update, list_bulk_edit, bulk_workflow})
"""Ways that report failures instead of raising them."""


def run_job(method: Callable[..., object], **kwargs: object) -> object:
    """Run a job as a worker does, on this connection."""
    return execute_job(frappe.local.site, method, None, method.__name__, kwargs, is_async=False)


def importer_of(doctype: str, **options: object) -> Any:
    """Data Import's importer without the file it reads, for records that a test makes itself."""
    importer = Importer.__new__(Importer)
    importer.doctype = doctype
    importer.data_import = frappe.get_doc({"doctype": "Data Import", **options})
    return importer
