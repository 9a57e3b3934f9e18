"""How reservations follow what order lines want (R-264)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.goods.stock import reduced

D = Decimal
_quantities = st.decimals(0, 50, places=1)


def test_too_much_is_given_back_the_newest_first() -> None:
    changes, missing = reduced([("r1", "1", D(3)), ("r2", "1", D(4))], {"1": D(5), "2": D(1)})
    assert changes == {"r2": D(2)}
    assert missing == {"2": D(1)}


def test_a_line_that_is_gone_gives_everything_back() -> None:
    assert reduced([("r1", "1", D(3))], {}) == ({"r1": D(0)}, {})


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), _quantities), max_size=8),
    st.dictionaries(st.sampled_from("xyz"), _quantities),
)
def test_what_is_kept_and_what_is_missing_is_what_is_wanted(
    held: list[tuple[str, Decimal]], wanted: dict[str, Decimal]
) -> None:
    rows = [(f"r{number}", line, quantity) for number, (line, quantity) in enumerate(held)]
    changes, missing = reduced(rows, wanted)
    for line in "xyz":
        kept = sum((changes.get(name, quantity) for name, of, quantity in rows if of == line), D(0))
        assert kept <= wanted.get(line, D(0))
        if line in wanted:
            assert kept + missing.get(line, D(0)) == wanted[line]
