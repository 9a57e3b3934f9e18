"""For whoever watches over the site: is it well, and its figures for a monitor. Thin."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any, Final

import frappe
from frappe import _
from werkzeug.wrappers import Response

from order_flow.api.endpoint import Verb, endpoint, open_endpoint
from order_flow.api.operations.metrics import CONTENT_TYPE, metrics_text
from order_flow.domain.site_health import faults_of
from order_flow.flow.outside.site_health import SENTENCES, figures
from order_flow.outbox.people import OPERATOR_ROLES, require_operator

_UNWELL: Final = 503


@open_endpoint(Verb.GET)
def probe() -> dict[str, Any]:
    """Say whether the site is well: 200, or 503 where it is not.

    Returns:
        ``{"ok"}``; operators also read ``faults`` with a sentence each.
    """
    measured = figures()
    faults = faults_of(measured)
    if faults:
        frappe.local.response["http_status_code"] = _UNWELL
    if frappe.session.user != "Administrator" and set(OPERATOR_ROLES).isdisjoint(frappe.get_roles()):
        return {"ok": not faults}
    return {
        "ok": not faults,
        "faults": {fault.value: SENTENCES[fault].in_words(_) for fault in faults},
        "longest_wait_seconds": measured.longest_wait.total_seconds(),
        "paused_accounts": list(measured.paused_accounts),
        "workers": measured.workers,
    }


@endpoint(Verb.GET)
def metrics() -> Response:
    """Give the site's figures in the text format of Prometheus, for operators.

    Returns:
        The text itself, not below ``message``.

    Raises:
        frappe.PermissionError: the caller is no operator.
    """
    require_operator()
    return Response(metrics_text(), content_type=CONTENT_TYPE)
