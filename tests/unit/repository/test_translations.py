"""Every text a person may read exists in both Chinese scripts, and no row is left over (K-25)."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.unit.bare_texts import bare_texts, bare_texts_of_the_app
from tests.unit.repository.translatable import (
    collect,
    definition_texts,
    javascript_texts,
    python_texts,
    read_table,
    template_texts,
)

LANGUAGES = ("zh", "zh-TW")
PLACE = re.compile(r"\{[a-z_0-9]*\}")
SIGNS = {","}
"""Texts without letters, which are not collected: the sign between the words of a list."""
HAN = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_ALL_LANGUAGES = {"U8", "OK"}
FRAMEWORK_TEXTS = frozenset(
    {
        "Add {0}",
        "Build",
        "Connections",
        "Copy to Clipboard",
        "Create Workspace",
        "Edit Filters",
        "Kanban View",
        "List View",
        "No.",
        "No {0} found with matching filters. Clear filters to see all {0}.",
        "Public",
        "Remind Me",
        "Select Kanban",
        "Search or type a command (Ctrl + G)",
        "This form is not editable due to a Workflow.",
        "You haven't created a {0} yet",
        "You created this",
        "{0} created this",
        "You last edited this",
        "{0} last edited this",
        "{0} from {1} to {2}",
        "{0} from {1} to {2} in row #{3}",
        "You changed the value of {0}",
        "You changed the value of {0} {1}",
        "{0} changed the value of {1}",
        "{0} changed the value of {1} {2}",
        "You changed the values for {0}",
        "You changed the values for {0} {1}",
        "{0} changed the values for {1}",
        "{0} changed the values for {1} {2}",
        "added rows for {0}",
        "removed rows for {0}",
        "{0} M",
        "{0} created this {1}",
        "{0} d",
        "{0} edited this {1}",
        "{0} filter",
        "{0} filters",
        "{0} m",
        "{0} w",
        "{0} y",
    }
)
"""Words of the framework that stand on our pages and that its first 15.0 lacks or gets wrong
("{0} m" are minutes there, not metres)."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    places = collect()
    translated = {row[0] for row in read_table(language)}
    missing = [f"{text!r} ({', '.join(sorted(places[text]))})" for text in sorted(set(places) - translated)]
    assert not missing, f"{len(missing)} texts without a row in {language}.csv:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_is_left_over(language: str) -> None:
    wanted = set(collect()) | FRAMEWORK_TEXTS | SIGNS
    orphans = [row[0] for row in read_table(language) if row[0] not in wanted]
    assert not orphans, f"rows of {language}.csv that no text uses any more:\n" + "\n".join(orphans)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_whole_and_stand_once(language: str) -> None:
    """The framework takes two or three columns; the last of two equal rows would win without a word."""
    rows = read_table(language)
    assert [row for row in rows if len(row) not in (2, 3) or not all(cell.strip() for cell in row[:2])] == []
    counted = Counter((row[0], *row[2:]) for row in rows)
    assert [key for key, count in counted.items() if count > 1] == []
    # The framework strips a text before it looks it up: such a row would never be found.
    assert [row[0] for row in rows if row[0] != row[0].strip()] == []
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_are_the_same_in_every_language(language: str) -> None:
    """A missing place would swallow a number, a foreign one would break the sentence."""
    wrong = [
        row[0] for row in read_table(language) if set(PLACE.findall(row[0])) != set(PLACE.findall(row[1]))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_chinese(language: str) -> None:
    untranslated = [row[0] for row in read_table(language) if not HAN.search(row[1])]
    assert set(untranslated) <= SAME_IN_ALL_LANGUAGES | FRAMEWORK_TEXTS | SIGNS


@pytest.mark.parametrize(
    ("state", "simplified", "traditional"),
    [
        ("Unconfirmed", "未确认", "未確認"),
        ("Under Review", "评审中", "評審中"),
        ("Confirmed", "已确认", "已確認"),
        ("Paid", "已支付", "已支付"),
        ("Shipped", "已发货", "已出貨"),
        ("Received", "已收货", "已收貨"),
        ("Completed", "已完成", "已完成"),
        ("Voided", "已作废", "已作廢"),
        ("Cancelled", "已取消", "已取消"),
    ],
)
def test_states_carry_the_words_of_the_requirements(state: str, simplified: str, traditional: str) -> None:
    """Requirements 2.1-A and K-01 name the states."""
    assert dict(row[:2] for row in read_table("zh"))[state] == simplified
    assert dict(row[:2] for row in read_table("zh-TW"))[state] == traditional


@pytest.mark.parametrize(("language", "word"), [("zh", "作废"), ("zh-TW", "作廢")])
def test_calling_an_order_off_has_one_word(language: str, word: str) -> None:
    """取消 is the step, on buttons and in messages; 作废 what was never confirmed, and wrong shipments."""
    wrong = [
        row[0]
        for row in read_table(language)
        if word in row[1] and re.search(r"cancel|called off|calls? off", row[0], re.IGNORECASE)
    ]
    assert wrong == []


def test_built_texts_are_refused() -> None:
    with pytest.raises(ValueError, match="literal"):
        list(python_texts('_(f"Order {name} is late")'))


def test_texts_that_the_collector_would_overlook_are_refused() -> None:
    with pytest.raises(ValueError, match=r"line 2: .*double quotes"):
        list(javascript_texts("let a;\n__('Ship')"))


def test_quotes_inside_a_text_are_kept() -> None:
    assert list(javascript_texts(r'__("Say \"yes\".")')) == ['Say "yes".']


def test_texts_of_print_formats_are_collected() -> None:
    """K-25, R-108: Jinja's ``_()``, whatever stands around it."""
    source = '<th>{{ _("No.") | e }}</th>{{ facts([(_("Say \\"yes\\""), _(doc.state))]) }}{{ x_("no") }}'
    assert list(template_texts(source)) == ["No.", 'Say "yes"']


def test_texts_of_a_report_on_paper_are_collected() -> None:
    """R-108: the framework's own templates for reports."""
    assert list(template_texts('<th>{%= __("Order Number") %}</th>')) == ["Order Number"]


@pytest.mark.parametrize("source", ["\n{{ _('Total') }}", "\n{%= __('Total') %}"])
def test_texts_of_templates_that_would_be_overlooked_are_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"line 2: .*double quotes"):
        list(template_texts(source))


def test_texts_of_reports_workflows_and_pages_are_collected() -> None:
    """K-25: labels of filters and columns, states and actions, mails and web forms."""
    report = {
        "doctype": "Report",
        "name": "Due List",
        "filters": [{"label": "Due Until"}],
        "columns": [{"label": "Days Late"}],
    }
    workflow = {"doctype": "Workflow", "states": [{"state": "Draft"}], "transitions": [{"action": "Send"}]}
    page = {
        "doctype": "Web Form",
        "title": "Order here",
        "introduction_text": "Fill in",
        "web_form_fields": [{"label": "Ways", "fieldtype": "Select", "options": "Road\nSea"}],
    }
    mail = {"doctype": "Notification", "subject": '{{ _("Late") }}: {{ doc.name }}', "message": "Hurry"}
    found = [set(definition_texts(part)) - {""} for part in (report, workflow, page, mail)]
    assert found == [
        {"Due List", "Due Until", "Days Late"},
        {"Draft", "Send"},
        {"Order here", "Fill in", "Ways", "Road", "Sea"},
        {"Late", "Hurry"},
    ]


IDENTITIES = {
    "rest called off {}": "The revision of an outbox row, which tells it from others and is shown to nobody.",
    "in use by somebody else": "A verdict on U8's answer, compared in code; the message beside it is said.",
    "stockouts in the house": "The name of a stream; what is said of one names it translated.",
    "carriers: entered, without terms": "It tells one question from another; the summary is said.",
    "carriers: same name, other code": "As above.",
    "goods: deleted in WDT": "As above.",
    "Order flow for manufacturers, traders and online sellers, in step with WDT and U8": (
        "The app's description in hooks.py, which the framework's installer shows in English."
    ),
}
"""Texts of several words that are said to nobody, each with its reason."""


def test_nothing_is_said_or_stored_past_the_tables() -> None:
    """C6: a job that stores a literal text stores it in English for good."""
    bare = bare_texts_of_the_app()
    past = [f"{text!r} ({', '.join(sorted(places))})" for text, places in bare.items()]
    assert [line for line, text in zip(past, bare, strict=True) if text not in IDENTITIES] == []
    assert sorted(set(IDENTITIES) - set(bare)) == [], "these stand nowhere any more"


@pytest.mark.parametrize(
    "source",
    [
        'note_failure(stream, f"WDT did not take {count} of {total}.")',
        'set_value("Order", name, "reason", "WDT shows it as cancelled")',
        '_close(key, "The sides agree again.")',
        'Done(digest="taken by the messaging service")',
        'document.add_comment("Info", "Resumed")',
        '_TEXT = "{count} carriers were entered: {names}."',
        'raise OrderMissing(f"No such orders: {names}.")',
    ],
)
def test_a_stored_literal_is_found(source: str) -> None:
    assert len(list(bare_texts(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        'note_failure(stream, Message("WDT did not take {0} of {1}.", count, total))',
        'document.add_comment("Info", _("Done outside (was {0}): {1}").format(state, reason))',
        'frappe.log_error(title="A customer could not be told by e-mail")',
        'raise ValueError(f"{value} has no timezone; attach one first")',
        'frappe.db.sql(f"update `tabOrder` set state = %s where name = {name}")',
        'def job():\n    """Tell the warehouse what it must do now."""',
        'DOCTYPE = "Workflow Action Permitted Role"',
        'document.add_comment("Info", f"{label}: {done}")',
    ],
)
def test_what_is_said_to_nobody_is_not_found(source: str) -> None:
    assert list(bare_texts(source)) == []
