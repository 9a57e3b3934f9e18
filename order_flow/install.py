"""What happens when the app comes to a site, is updated, and leaves it. All of it may run twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.permissions import reset_perms, setup_custom_perms

from order_flow.defaults.blocks import ensure_blocks, remove_blocks
from order_flow.defaults.boards import ensure_boards, remove_boards
from order_flow.defaults.change_kinds import install_change_kinds
from order_flow.defaults.clock_rules import ensure_clock_rules
from order_flow.defaults.flow_profiles import WEB_SHOP, ensure_flow_profiles
from order_flow.defaults.form_codes import ensure_form_codes
from order_flow.defaults.lists import SETTINGS as LIST_SETTINGS
from order_flow.defaults.lists import ensure_lists
from order_flow.defaults.module_profile import ensure_module_profile, remove_module_profile
from order_flow.defaults.product_types import ensure_product_types
from order_flow.defaults.review_templates import install_review_templates
from order_flow.defaults.state_aliases import ensure_state_aliases
from order_flow.domain.states import Role
from order_flow.site_time import ensure_zone
from order_flow.workflow.installer import install_workflows, remove_workflows

MODULE = "Order Flow"
SITE_CHANNEL = "Website"


_READ = ("read", "report", "print")
_ENTER = (*_READ, "create", "write")
RIGHTS_ON_CONTACTS: dict[Role, tuple[str, ...]] = {
    Role.ORDER_DESK: _ENTER,
    Role.SALES: _ENTER,
    Role.SALES_MANAGER: _ENTER,
    Role.INTEGRATION: ("read", "create", "write"),
    Role.FIELD_REP: ("read", "create", "write"),
    Role.FINANCE: _READ,
    Role.WAREHOUSE: _READ,
    Role.LOGISTICS: _READ,
    Role.AFTER_SALES: _READ,
    Role.AUDITOR: _READ,
}
"""Who uses the framework's Address and Contact, which carry where and whom to reach (R-041, R-388)."""
RIGHTS_ON_FRAMEWORK: dict[str, dict[Role, tuple[str, ...]]] = {
    "Address": RIGHTS_ON_CONTACTS,
    "Contact": RIGHTS_ON_CONTACTS,
    # Every form with an amount asks for its currency.
    "Currency": dict.fromkeys(Role, ("read", "select")),
    # With rights of their own, whose tasks they see is our rule alone (``task_permissions``).
    "ToDo": dict.fromkeys(Role, ("read", "write", "report")),
}
"""The framework's own documents that our roles need."""
REFERENCES = {
    "ToDo": "reference_type",
    "Comment": "reference_doctype",
    "Version": "ref_doctype",
    "Workflow Action": "reference_doctype",
    "Singles": "doctype",
    LIST_SETTINGS: "name",
}
"""Where the framework keeps what belongs to a document, with the column that names its DocType."""


_YUAN = "¥"
_WROTE_YUAN = "order_flow_wrote_yuan_sign"
"""Default that says the sign is ours, so that it leaves with the app."""
TASKS_OF_ROLES = "order_flow_tasks_of_roles"
"""Index of the framework's ToDo: lists of tasks ask for the open ones of the reader's roles."""


class NameClash(frappe.ValidationError):
    """Another app owns a DocType of one of our names."""


def own_doctypes() -> list[str]:
    """The app's DocTypes by name, as the files of its module define them."""
    return sorted(definition["name"] for definition in _definitions())


def _definitions() -> list[Any]:
    files = (Path(__file__).parent / "order_flow" / "doctype").glob("*/*.json")
    return [frappe.get_file_json(str(path)) for path in files]


def _listed_doctypes() -> list[str]:
    """Those of the app's DocTypes that the desk shows in a list."""
    return [each["name"] for each in _definitions() if not each.get("istable") and not each.get("issingle")]


def before_install() -> None:
    """Refuse a site on which another app owns one of our DocTypes (design 6).

    Raises:
        NameClash: naming the DocTypes and their owners; nothing was installed.
    """
    taken = frappe.get_all(
        "DocType",
        filters={"name": ("in", own_doctypes()), "module": ("!=", MODULE)},
        fields=["name", "module"],
    )
    if taken:
        owners = ", ".join(f"{row.name} ({row.module})" for row in taken)
        frappe.throw(
            _(
                "Order Flow cannot be installed here: these DocTypes belong to another "
                "app already: {0}. Install it on a site of its own, e.g. one without "
                "ERPNext. Nothing was changed."
            ).format(owners),
            NameClash,
        )


def after_install() -> None:
    """Roles, workflow and defaults."""
    after_migrate()
    _ensure_site_channel()


def after_migrate() -> None:
    """Set up what every version needs; changes nothing where it is there already."""
    ensure_zone()
    _ensure_roles()
    install_workflows()
    _grant_rights_on_framework()
    _fill_settings()
    ensure_flow_profiles()
    install_change_kinds()
    ensure_product_types()
    ensure_state_aliases()
    ensure_form_codes()
    _give_channels_a_profile()
    install_review_templates()
    ensure_clock_rules()
    ensure_boards()
    ensure_lists(_listed_doctypes())
    _write_yuan_with_its_sign()
    ensure_blocks()
    ensure_module_profile()
    frappe.db.add_index("ToDo", ["status", "role"], TASKS_OF_ROLES)


def _write_yuan_with_its_sign() -> None:
    """Amounts read ¥140.00 in forms, lists and papers; a sign that somebody chose stays."""
    if frappe.db.exists("Currency", "CNY") and not frappe.db.get_value("Currency", "CNY", "symbol"):
        frappe.db.set_value("Currency", "CNY", "symbol", _YUAN, update_modified=False)
        frappe.db.set_default(_WROTE_YUAN, _YUAN)


def _take_the_sign_back() -> None:
    """Leave the currency as it was, where the sign is ours."""
    written = frappe.db.get_default(_WROTE_YUAN)
    if written and frappe.db.get_value("Currency", "CNY", "symbol") == written:
        frappe.db.set_value("Currency", "CNY", "symbol", None, update_modified=False)
    frappe.defaults.clear_default(key=_WROTE_YUAN)


def before_uninstall() -> None:
    """Remove what the framework does not know to be ours; roles stay where something else uses them."""
    remove_workflows()
    remove_boards()
    remove_blocks()
    remove_module_profile()
    _take_the_sign_back()
    frappe.db.sql_ddl(f"drop index if exists `{TASKS_OF_ROLES}` on `tabToDo`")
    _revoke_rights_on_framework()
    _drop_sequences()
    _remove_references()
    _remove_jobs()
    _remove_unused_roles()


def _remove_jobs() -> None:
    """Forget the scheduled jobs, which the framework would do at the site's next migrate only."""
    frappe.db.delete("Scheduled Job Type", {"method": ("like", "order_flow.%")})


def _ensure_roles() -> None:
    for role in Role:
        if not frappe.db.exists("Role", role.value):
            frappe.get_doc({"doctype": "Role", "role_name": role.value, "desk_access": 1}).insert(
                ignore_permissions=True  # runs on install and migrate only, never for a request
            )


def _grant_rights_on_framework() -> None:
    """Once per site; what an administrator changes afterwards stays as he wants it."""
    for doctype, rights_of_roles in RIGHTS_ON_FRAMEWORK.items():
        ours = [role.value for role in rights_of_roles]
        setup_custom_perms(doctype)
        granted = {"parent": doctype, "permlevel": 0, "if_owner": 0}
        # A role of the same name may come with the framework, e.g. Sales Manager.
        known = set(frappe.get_all("Custom DocPerm", granted | {"role": ("in", ours)}, pluck="role"))
        if len(known) > 1:
            continue
        for role, rights in rights_of_roles.items():
            if role.value not in known:
                values = {**granted, "role": role.value, **dict.fromkeys(rights, 1)}
                frappe.get_doc({"doctype": "Custom DocPerm", **values}).insert(
                    ignore_permissions=True  # runs on install and migrate only, never for a request
                )
        frappe.clear_cache(doctype=doctype)


def _revoke_rights_on_framework() -> None:
    for doctype, rights_of_roles in RIGHTS_ON_FRAMEWORK.items():
        standard = frappe.get_all("DocPerm", {"parent": doctype}, pluck="role")
        ours = [role.value for role in rights_of_roles if role.value not in standard]
        frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ("in", ours)})
        if _rights(doctype, "Custom DocPerm") == _rights(doctype, "DocPerm"):
            reset_perms(doctype)
        frappe.clear_cache(doctype=doctype)


def _rights(doctype: str, kind: str) -> set[tuple[object, ...]]:
    fields = ["role", "permlevel", "if_owner", *frappe.permissions.rights]
    return {tuple(row) for row in frappe.get_all(kind, {"parent": doctype}, fields, as_list=True)}


def _drop_sequences() -> None:
    """They outlive their tables otherwise, and a later installation would go on counting."""
    tables = {frappe.scrub(doctype) for doctype in own_doctypes()}
    sequences = frappe.db.sql_list(
        """select table_name from information_schema.tables
        where table_schema = database() and table_type = 'SEQUENCE'"""
    )
    for sequence in sequences:
        # Named after the DocType and what it counts, e.g. order_payment_number_seq.
        if sequence.removesuffix("_seq").rpartition("_")[0] in tables:
            frappe.db.sql_ddl(f"drop sequence `{sequence}`")


def _remove_references() -> None:
    """Tasks, comments, versions and settings of what goes; the framework would keep them."""
    for doctype, column in REFERENCES.items():
        frappe.db.delete(doctype, {column: ("in", own_doctypes())})


def _remove_unused_roles() -> None:
    leaving = own_doctypes() + [
        name
        for doctype in ("Report", "Workspace")
        for name in frappe.get_all(doctype, {"module": MODULE}, pluck="name")
    ]
    in_use = {
        role
        for doctype in ("DocPerm", "Custom DocPerm", "Has Role")
        for role in frappe.get_all(
            doctype,
            {"role": ("in", [role.value for role in Role]), "parent": ("not in", leaving)},
            pluck="role",
        )
    }
    for role in Role:
        if role.value not in in_use and frappe.db.exists("Role", role.value):
            frappe.delete_doc("Role", role.value, force=True, ignore_permissions=True)  # uninstall only


def _fill_settings() -> None:
    """Values that were never stored, those of a later version included; what is stored stays."""
    settings = frappe.get_doc("Order Flow Settings")
    stored = frappe.db.get_singles_dict(settings.doctype)
    missing = [df for df in settings.meta.fields if df.default and df.fieldname not in stored]
    if missing:
        for df in missing:
            settings.set(df.fieldname, df.default)
        settings.save(ignore_permissions=True)  # runs on install and migrate only, never for a request


def _give_channels_a_profile() -> None:
    """Channels from before there were profiles go on as they did."""
    frappe.db.set_value(
        "Sales Channel", {"flow_profile": ("is", "not set")}, "flow_profile", WEB_SHOP, update_modified=False
    )


def _ensure_site_channel() -> None:
    if not frappe.db.exists("Sales Channel", SITE_CHANNEL):
        frappe.get_doc({"doctype": "Sales Channel", "channel_name": SITE_CHANNEL}).insert(
            ignore_permissions=True  # runs on install only, never for a request
        )
