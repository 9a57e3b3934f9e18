"""Forms ask for what a step needs in one way: by ``step_dialog.js``, which loses nothing on a refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Final

APP: Final = Path(__file__).resolve().parents[3] / "order_flow"
NO_STEP: Final = {
    "public/js/order_paste.js": "fills the open form with pasted lines",
    "order_flow/doctype/change_notice/change_notice.js": "puts a row into the open form",
    "public/js/step_dialog.js": "the one dialog",
}
"""Who makes a dialog of his own: it calls no step."""


def test_one_dialog_asks_for_what_a_step_needs() -> None:
    own = {
        str(path.relative_to(APP))
        for path in APP.rglob("*.js")
        if "frappe.ui.Dialog(" in path.read_text(encoding="utf-8")
    }
    assert own == set(NO_STEP)
