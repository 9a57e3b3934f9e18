"""Tasks of roles stood on timelines as "Assigned" comments, with their sums, for readers who see no money."""

from __future__ import annotations

import frappe

from order_flow.install import own_doctypes


def execute() -> None:
    """Remove the comments of documents about which a role has or had a task; the tasks say the same."""
    frappe.db.sql(
        """delete comment from `tabComment` comment
        where comment.comment_type in ('Assigned', 'Assignment Completed')
            and comment.reference_doctype in %s
            and exists (select 1 from `tabToDo` task
                where task.reference_type = comment.reference_doctype
                    and task.reference_name = comment.reference_name and ifnull(task.role, '') != '')""",
        (tuple(own_doctypes()),),
    )
