"""A small readable page of what is in a simulator; no framework, no script."""

from dataclasses import dataclass, field
from html import escape

STYLE = """
body{font:14px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem;color:#222;background:#fafafa}
h1{font-size:1.3rem}h2{font-size:1rem;margin:1.6rem 0 .4rem}
table{border-collapse:collapse;background:#fff;min-width:30rem}
th,td{border:1px solid #ddd;padding:.25rem .6rem;text-align:left;vertical-align:top}
th{background:#f0f0f0;font-weight:600}td.none{color:#888}
"""


@dataclass(frozen=True)
class Section:
    """One table of the page.

    Args:
        title: heading.
        columns: column headings.
        rows: cells, shown as text.
    """

    title: str
    columns: list[str]
    rows: list[list[object]] = field(default_factory=list)


def render(title: str, lead: str, sections: list[Section]) -> str:
    """The page as HTML text.

    Args:
        title: heading of the page.
        lead: one line under it.
        sections: tables, in order.
    """
    body = "".join(_table(section) for section in sections)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1><p>{escape(lead)}</p>{body}</body></html>"
    )


def _table(section: Section) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in section.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape('' if cell is None else str(cell))}</td>" for cell in row) + "</tr>"
        for row in section.rows
    )
    if not rows:
        rows = f'<tr><td class="none" colspan="{len(section.columns)}">none</td></tr>'
    return f"<h2>{escape(section.title)}</h2><table><tr>{head}</tr>{rows}</table>"
