"""The kinds of change that come with the app: the matrix of ADD 6.15 and the rules of 订单管理办法.

They are data: install writes them as Change Kinds, and an administrator may change, disable or add to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from order_flow.domain.changes.model import Involvement, Level, ReReview
from order_flow.domain.changes.rules import KindNeeds
from order_flow.domain.reviews.sign_offs import Department

_D = Department
_ANSWERS = Involvement.ANSWERS
_INFORMED = Involvement.INFORMED

FEASIBLE = "Is the change feasible, and does the company lose nothing by it?"
DATE_KEPT = "Can the new date be kept?"
TERMS_GOOD = "Are the new price and terms in order?"
SHIPPABLE = "Can it be packed and shipped like this?"
DESIGN_RIGHT = "Is the change technically right, with drawings and parts lists to match?"

SETTLED_POINT = "Contract Number or Settled Point"
"""What the order refers to, and what was settled with the customer after all: nothing of it changes goods."""
OMM = "OMM Manufacturing"
"""The flow profile of 订单管理办法."""


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """One department of the matrix."""

    department: Department
    involvement: Involvement
    question: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field, or one whole-line action, that a kind may touch."""

    level: Level
    field: str = ""


NO_NEEDS = KindNeeds()


@dataclass(frozen=True, slots=True)
class ShippedKind:
    """One kind of change."""

    name: str
    source: str
    departments: tuple[DepartmentRow, ...]
    fields: tuple[FieldRow, ...]
    needs: KindNeeds = NO_NEEDS
    informed_at_once: bool = False
    """The informed departments hear of it when it is sent, not only when it is applied."""
    apply_at_once: bool = False
    """With nobody to answer and nothing missing it takes effect when it is sent (K-07)."""
    flow_profile: str = ""
    """The only profile it is offered in; every profile where empty."""


def _asked(question: str, *departments: Department) -> tuple[DepartmentRow, ...]:
    return tuple(DepartmentRow(department, _ANSWERS, question) for department in departments)


def _informed(*departments: Department) -> tuple[DepartmentRow, ...]:
    return tuple(DepartmentRow(department, _INFORMED) for department in departments)


def _order(*fields: str) -> tuple[FieldRow, ...]:
    return tuple(FieldRow(Level.ORDER, field) for field in fields)


def _line(*fields: str) -> tuple[FieldRow, ...]:
    return tuple(FieldRow(Level.LINE, field) for field in fields)


_DATES = (
    *_order("promised_date", "expected_arrival", "requested_delivery_at"),
    *_line("promised_date", "requested_date"),
)
_GOODS = _line("product", "product_name", "specification", "model", "unit", "customer_product_code", "remark")
_TECHNICAL = _line("specification", "model", "remark")
_MONEY = (
    *_line("unit_price", "discount", "tax_percent", "is_gift"),
    *_order("freight", "other_fees", "discount"),
)

_ADD_MATRIX = (
    ShippedKind(
        "Product or Parts",
        "R-130, R-126, R-127 (ADD 6.15.1)",
        (
            *_asked(DESIGN_RIGHT, _D.TECHNOLOGY),
            *_asked(FEASIBLE, _D.PLANNING),
            *_asked(SHIPPABLE, _D.LOGISTICS),
        ),
        (*_GOODS, *_line("unit_price")),
    ),
    ShippedKind(
        "Packing or Transport",
        "R-131, R-126 (ADD 6.15.2)",
        (
            *_asked(FEASIBLE, _D.PLANNING),
            *_asked(SHIPPABLE, _D.LOGISTICS),
            *_informed(_D.PRODUCTION),
        ),
        (*_order("packing", "labelling", "transport_mode"), *_line("packing", "label_requirement")),
    ),
    ShippedKind(
        "Shipping Sequence or Specification",
        "R-132, R-126 (ADD 6.15.3)",
        (
            *_asked(FEASIBLE, _D.PLANNING),
            *_asked(SHIPPABLE, _D.LOGISTICS),
            *_informed(_D.PRODUCTION),
        ),
        (*_line("specification", "requested_date", "remark"), *_order("requested_delivery_at")),
    ),
    ShippedKind(
        "Paint Colour or Lettering Mould",
        "R-133 (ADD 6.15.4)",
        (*_asked(FEASIBLE, _D.PLANNING), *_informed(_D.PRODUCTION)),
        _line("specification", "label_requirement", "remark"),
    ),
)

_COMMON = (
    ShippedKind(
        "Quantity",
        "R-126, R-127",
        (
            *_asked(FEASIBLE, _D.PLANNING),
            *_asked(SHIPPABLE, _D.LOGISTICS),
            *_informed(_D.PURCHASING, _D.PRODUCTION),
        ),
        _line("quantity"),
    ),
    ShippedKind(
        "Line Added",
        "R-126",
        (
            *_asked(FEASIBLE, _D.PLANNING),
            *_asked(SHIPPABLE, _D.LOGISTICS),
            *_asked(TERMS_GOOD, _D.SALES_MANAGEMENT),
            *_informed(_D.PURCHASING, _D.PRODUCTION),
        ),
        (FieldRow(Level.ADD_LINE),),
    ),
    ShippedKind(
        "Line Cancelled",
        "R-126, R-127, R-128",
        (
            *_asked(FEASIBLE, _D.PLANNING),
            *_asked(SHIPPABLE, _D.LOGISTICS),
            *_informed(_D.PURCHASING, _D.PRODUCTION, _D.FINANCE),
        ),
        (FieldRow(Level.REMOVE_LINE),),
    ),
    ShippedKind(
        "Price",
        "R-042, R-136",
        _asked(TERMS_GOOD, _D.SALES_MANAGEMENT, _D.FINANCE),
        _MONEY,
        KindNeeds(customer_answer=True),
    ),
    ShippedKind(
        "Payment Term",
        "R-013, K-03",
        _asked(TERMS_GOOD, _D.SALES_MANAGEMENT, _D.FINANCE),
        _order("payment_term"),
        KindNeeds(customer_answer=True),
    ),
    ShippedKind(
        "Delivery Date",
        "K-28, R-143, R-144",
        (*_asked(DATE_KEPT, _D.PLANNING), *_informed(_D.PRODUCTION, _D.LOGISTICS)),
        _DATES,
        KindNeeds(customer_answer=True),
    ),
    ShippedKind(
        "Address or Contact",
        "K-07",
        _informed(_D.LOGISTICS),
        _order(
            "contact_person",
            "mobile",
            "phone",
            "email",
            "customer_address",
            "contact",
            "province",
            "city",
            "district",
            "address_line",
            "postal_code",
        ),
        apply_at_once=True,
    ),
    ShippedKind(
        "Invoice Data",
        "K-07",
        _informed(_D.FINANCE),
        _order("invoice_title", "tax_number"),
        apply_at_once=True,
    ),
    ShippedKind(
        SETTLED_POINT,
        "R-002, R-047, K-07",
        _informed(_D.SALES, _D.PLANNING),
        _order(
            "contract_number",
            "quotation_number",
            "availability_confirmed",
            "special_request_settled",
            "discount_reason",
        ),
        apply_at_once=True,
    ),
)

_OMM = (
    ShippedKind(
        "Small Local Change",
        "R-134 (OMM 一.二.五.2(1))",
        (*_asked(FEASIBLE, _D.PRODUCTION), *_informed(_D.PLANNING, _D.QUALITY)),
        (*_TECHNICAL, *_line("packing", "label_requirement"), *_order("packing", "labelling")),
        informed_at_once=True,
        flow_profile=OMM,
    ),
    ShippedKind(
        "Change of the Planned Date",
        "R-135, K-28 (OMM 一.二.五.2(2))",
        (
            *_asked(DATE_KEPT, _D.SALES_MANAGEMENT, _D.PRODUCTION, _D.PLANNING),
            *_informed(_D.LOGISTICS),
        ),
        (*_DATES, *_line("quantity", "specification")),
        KindNeeds(customer_answer=True),
        flow_profile=OMM,
    ),
    ShippedKind(
        "Structure or Main Components",
        "R-136, R-079 (OMM 一.二.五.2(3))",
        (
            *_asked(TERMS_GOOD, _D.SALES),
            *_asked(DESIGN_RIGHT, _D.TECHNOLOGY),
            *_asked(FEASIBLE, _D.PRODUCTION, _D.MATERIAL_CONTROL),
            *_asked(DATE_KEPT, _D.PLANNING),
        ),
        (*_GOODS, *_line("quantity"), *_MONEY, *_DATES),
        KindNeeds(customer_answer=True, supplementary_contract=True, re_review=ReReview.ALWAYS),
        flow_profile=OMM,
    ),
    ShippedKind(
        "Minor Technical Detail",
        "R-137 (OMM 二.二.二.3(5)1)",
        _informed(_D.SALES, _D.PRODUCTION),
        _TECHNICAL,
        KindNeeds(customer_request=True),
        apply_at_once=True,
        flow_profile=OMM,
    ),
    ShippedKind(
        "Technical Change",
        "R-138 (OMM 二.二.二.3(5)2)",
        (
            *_asked(DESIGN_RIGHT, _D.TECHNOLOGY),
            *_asked(FEASIBLE, _D.PRODUCTION, _D.PLANNING),
            *_informed(_D.PURCHASING, _D.QUALITY),
        ),
        (*_GOODS, *_line("unit_price")),
        KindNeeds(customer_request=True, supplementary_contract=True, re_review=ReReview.DECIDED),
        flow_profile=OMM,
    ),
    ShippedKind(
        "Clarified Requirement",
        "R-139 (OMM 二.二.二.3(2))",
        (*_asked(DESIGN_RIGHT, _D.TECHNOLOGY), *_informed(_D.PRODUCTION, _D.SALES)),
        _TECHNICAL,
        KindNeeds(customer_answer=True),
        flow_profile=OMM,
    ),
    ShippedKind(
        "Design Error",
        "R-140 (OMM 二.二.二.3(6))",
        (*_asked(DESIGN_RIGHT, _D.TECHNOLOGY), *_informed(_D.PRODUCTION, _D.QUALITY, _D.PURCHASING)),
        _TECHNICAL,
        informed_at_once=True,
        flow_profile=OMM,
    ),
)

SHIPPED_KINDS: tuple[ShippedKind, ...] = (*_ADD_MATRIX, *_COMMON, *_OMM)
"""All of them, in the order in which they are offered."""
