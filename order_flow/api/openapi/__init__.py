"""The description of all endpoints for programs and their makers, made from the functions themselves."""

from __future__ import annotations

import json

import frappe
from frappe import _
from werkzeug.wrappers import Response

from order_flow.api.endpoint import Verb, endpoint
from order_flow.api.openapi.document import description
from order_flow.api.openapi.shared import JSON
from order_flow.domain.states import Role
from order_flow.flow.refusals import refuse_without_role


@endpoint(Verb.GET)
def describe() -> Response:
    """Describe every endpoint in OpenAPI 3.1.

    Returns:
        The description itself, not below ``message``.

    Raises:
        frappe.PermissionError: the caller has none of the app's roles.
    """
    if frappe.session.user != "Administrator":
        refuse_without_role(
            [role.value for role in Role],
            _("The description of the interface is for these roles: {0}. Ask your administrator."),
        )
    return Response(json.dumps(description(), ensure_ascii=False), mimetype=JSON)
