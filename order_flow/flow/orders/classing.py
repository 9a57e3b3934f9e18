"""Classes an order from what was entered and from what its products are (R-009, R-010, K-12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from order_flow.domain.orders.classes import (
    Circumstances,
    ProductState,
    Trade,
    commercial_class,
    technical_class,
)

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def classify(order: Order, products: Iterable[Any]) -> None:
    """Set the two computed classes of an order.

    Args:
        order: the Order document, its content still open.
        products: what the master data says about its products; one that is still to be developed needs a
            design, one that is discontinued is no regular product, whatever the entry says.
    """
    products = list(products)
    facts = Circumstances(
        needs_new_design=bool(order.needs_new_design)
        or any(product.product_state == ProductState.TO_BE_DEVELOPED for product in products),
        product_discontinued=bool(order.product_discontinued)
        or any(product.discontinued for product in products),
        above_standard_quality=bool(order.above_standard_quality),
        tight_date=bool(order.tight_date),
        late_penalty=bool(order.late_penalty),
        reputation_at_stake=bool(order.reputation_at_stake),
        export=order.trade == Trade.FOREIGN,
    )
    order.technical_class = technical_class(facts).value
    order.commercial_class = commercial_class(facts).value
