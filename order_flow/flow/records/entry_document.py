"""The base of every document that people, files or other systems enter: one normaliser at every door."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document

from order_flow.flow.access.own_rows import AsksItsDocument
from order_flow.flow.records.entry_fields import read_entries
from order_flow.flow.records.plain_refusals import PlainRefusals
from order_flow.flow.refusals import StepRefused


def _left_out(row: Any) -> frozenset[str]:
    fields = (df for df in row.meta.fields if df.fieldtype not in (*no_value_fields, *table_fields))
    return frozenset(df.fieldname for df in fields if row.get(df.fieldname) in (None, ""))


class EntryRow(AsksItsDocument):
    """A row of a table in an ``EntryDocument``; its texts were cleaned with the document."""

    def _sanitize_content(self) -> None:
        """Keep what ``read_entries`` made of the texts: words in angle brackets stay as typed."""


class EntryDocument(PlainRefusals, EntryRow, Document):
    """A document whose values are cleaned and read before anything else looks at them.

    The framework asks for links before it calls ``before_validate``, and names a new document before that, so
    the values are read where both begin.
    """

    def extend(self, key: str, value: Any) -> None:
        """Take the rows of a table; refuse what is no list of objects."""
        if not isinstance(value, list | tuple) or not all(isinstance(row, dict | Document) for row in value):
            frappe.throw(_("{0}: send a list of objects.").format(key), StepRefused)
        super().extend(key, value)

    def _set_defaults(self) -> None:
        """Remember what was left out before the framework fills the first option of every choice."""
        self.flags.left_out = _left_out(self)
        for df in self.meta.get_table_fields():
            for row in self.get(df.fieldname) or []:
                row.flags.left_out = _left_out(row)
        super()._set_defaults()

    def _validate_links(self) -> None:
        """Read the entries; then a link must name its document, not one that sorts alike."""
        read_entries(self)
        sent = {df.fieldname: self.get(df.fieldname) for df in self.meta.get_link_fields()}
        super()._validate_links()
        for fieldname, name in sent.items():
            found = self.get(fieldname)
            if name and found and str(found).casefold() != str(name).casefold():
                frappe.throw(
                    _("{0}: '{1}' does not exist; '{2}' is another one.").format(
                        _(self.meta.get_label(fieldname)), name, found
                    ),
                    frappe.LinkValidationError,
                )
