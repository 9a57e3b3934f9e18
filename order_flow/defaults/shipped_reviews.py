"""The review templates that the written procedures ask for, as data for a new site (R-076..R-094, K-13).

They are written once; afterwards they belong to the administrator. Questions are phrased so that Yes is good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from order_flow.domain.orders.classes import TechnicalClass
from order_flow.domain.reviews.model import Conditions, DueUnit, MeetingKind, Question, Template
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import PaymentFamily, PaymentTerm

ADD = "ADD Contract"
OMM = "OMM Manufacturing"
APPAREL = "Apparel"
PMC = "PMC"

REGULAR = TechnicalClass.REGULAR.value
NON_REGULAR = TechnicalClass.NON_REGULAR.value
LARGE_ORDER = Decimal(500_000)
"""CNY; above it briefing and meeting are held (R-080)."""
LARGER_ORDER = Decimal(100_000)
"""CNY; an example of a lower band, which no source names (R-081)."""
APPAREL_STUDY_DAYS = 3

_D = Department
_DATE_POSSIBLE = "Is the delivery date possible?"
_APPAREL_CHECK = "Are process, price and date of this style checked?"
_SHORT_DATE = "Can the shortened date be kept?"
_BUDGET = "Is the cost budget sheet signed with purchase date and production date?"
_BAND = "Is this large order approved?"
_CONTRACT = "Is the contract approved for signing with the customer?"


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    """A template with what only people read."""

    template: Template
    purpose: str
    form_code: str = ""
    form_code_alias: str = ""
    enabled: bool = True


def _ask(text: str, departments: Sequence[Department], working_days: int = 0) -> tuple[Question, ...]:
    return tuple(
        Question(department, text, due_after=working_days, due_unit=DueUnit.WORKING_DAYS)
        for department in departments
    )


_ADD_NEW_CUSTOMER = ShippedTemplate(
    Template(
        "ADD New Customer",
        Conditions(profile=ADD, first_order=True),
        (
            *_ask(
                "Has the customer confirmed products, specifications and quantities in writing?", [_D.SALES]
            ),
            *_ask("Does every line carry the customer's number and the internal number?", [_D.SALES]),
            *_ask("Are minimum quantity and response time of the contract kept?", [_D.SALES]),
            Question(_D.SALES, "Are the label requirements clear?", may_defer=True),
            Question(_D.SALES, "Are the packing print requirements clear?", may_defer=True),
            *_ask("Is every product made or developed already, with a valid drawing?", [_D.TECHNOLOGY]),
            *_ask("Are new products handed to development and their dates agreed?", [_D.TECHNOLOGY]),
            *_ask(_DATE_POSSIBLE, [_D.PLANNING]),
            *_ask("Are packing, transport and shipping requirements clear?", [_D.LOGISTICS]),
            *_ask("Are price, payment terms and deposit settled?", [_D.FINANCE]),
            *_ask("If a letter of credit pays: is it valid until a week after the shipment?", [_D.FINANCE]),
        ),
    ),
    "First order of a new customer: everything is clear before it goes to planning; label and packing print "
    "may follow until ten days before production (ADD 6.3, R-076, R-077).",
    "ADD-PCD-SD-003.F3E",
    "ADD-PCD-SD-003.F4E",
)

SHIPPED: tuple[ShippedTemplate, ...] = (
    _ADD_NEW_CUSTOMER,
    ShippedTemplate(
        Template(
            "OMM Regular Order",
            Conditions(profile=OMM, technical_class=REGULAR),
            _ask(_DATE_POSSIBLE, [_D.SALES, _D.PRODUCTION, _D.MATERIAL_CONTROL], 1),
        ),
        "Regular order: sales office, production and material control check the date (R-078).",
    ),
    ShippedTemplate(
        Template(
            "OMM Non-regular Order",
            Conditions(profile=OMM, technical_class=NON_REGULAR),
            _ask(_DATE_POSSIBLE, [_D.SALES, _D.TECHNOLOGY, _D.PRODUCTION, _D.MATERIAL_CONTROL], 1),
        ),
        "Non-regular order: design takes part as well (R-079); so does a change of structure (R-136).",
    ),
    ShippedTemplate(
        Template(
            "PMC Five Departments",
            Conditions(profile=PMC),
            (
                *_ask("Do production plan and material plan allow the date?", [_D.PLANNING], 1),
                *_ask("Can product and process be realised?", [_D.TECHNOLOGY], 1),
                *_ask("Can the quality requirements be met?", [_D.QUALITY], 1),
                *_ask("Can the material be delivered in time?", [_D.PURCHASING], 1),
                *_ask("Have the workshops enough capacity?", [_D.PRODUCTION], 1),
            ),
        ),
        "Production control organises the review; control, engineering, quality, purchasing and "
        "workshops sign (R-088).",
    ),
    ShippedTemplate(
        Template(
            "Apparel Non-regular Style",
            Conditions(profile=APPAREL, technical_class=NON_REGULAR),
            _ask(_APPAREL_CHECK, [_D.TECHNOLOGY, _D.PURCHASING, _D.PLANNING, _D.PRODUCTION], 3),
            meetings=frozenset({MeetingKind.REVIEW}),
            study_days=APPAREL_STUDY_DAYS,
            locks_promised_date=True,
        ),
        "Non-regular style: documents three days ahead, each department states price and date, then the "
        "meeting fixes cycles and date; nobody promises a date before (R-084, R-085).",
    ),
    ShippedTemplate(
        Template(
            "Apparel Shortened Cycle",
            Conditions(profile=APPAREL, shortened_cycle=True),
            (
                Question(
                    _D.SALES,
                    "Does the customer know the risk and the extra cost of the short cycle?",
                    attachment_required=True,
                ),
                *_ask(_SHORT_DATE, [_D.TECHNOLOGY, _D.PURCHASING, _D.PLANNING, _D.PRODUCTION], 1),
            ),
        ),
        "The customer forces a shorter cycle: his acknowledgement is attached and the departments review the "
        "order (R-086).",
    ),
    ShippedTemplate(
        Template(
            "Apparel Cost Budget Sheet",
            Conditions(profile=APPAREL),
            _ask(_BUDGET, [_D.SALES, _D.PURCHASING, _D.PLANNING], 1),
        ),
        "On acceptance sales, purchasing and planning sign the cost budget sheet; regular styles need no "
        "more (R-083, R-087).",
    ),
    ShippedTemplate(
        Template(
            "Order Above 500,000",
            Conditions(amount_above=LARGE_ORDER),
            (
                *_ask("Are date and technical difficulty mastered?", [_D.PRODUCTION], 2),
                *_ask("Are the technical documents complete and signed?", [_D.TECHNOLOGY], 2),
            ),
            meetings=frozenset({MeetingKind.BRIEFING, MeetingKind.REVIEW}),
        ),
        "Above 500,000 CNY a technical briefing and an order review meeting are held (R-080).",
    ),
    ShippedTemplate(
        Template(
            "Project Order",
            Conditions(project_order=True),
            (
                *_ask("Does the order conform to the company's rules?", [_D.FINANCE], 2),
                *_ask("Is the price reasonable?", [_D.FINANCE], 2),
                *_ask("Does the production cycle meet the customer's date?", [_D.PRODUCTION], 2),
                *_ask("Are the risks of carrying it out acceptable?", [_D.TECHNOLOGY], 2),
            ),
        ),
        "Project order: finance, production and technology answer the four questions in time (R-073, R-089).",
    ),
    ShippedTemplate(
        Template(
            "Finance and Purchasing",
            Conditions(),
            (
                *_ask("Are amount and payment method in order?", [_D.FINANCE], 1),
                *_ask("Are material and resources for the order available?", [_D.PURCHASING], 1),
            ),
        ),
        "Finance reviews amount and payment, purchasing the material; switch it on as needed (R-094).",
        enabled=False,
    ),
    ShippedTemplate(
        Template(
            "Amount Band One",
            Conditions(profile=OMM, amount_above=LARGER_ORDER, amount_up_to=LARGE_ORDER),
            _ask(_BAND, [_D.SALES_MANAGEMENT], 1),
            forbids_own_order=True,
        ),
        "One level of approval; the lower amount is an example, set your own (R-081).",
        enabled=False,
    ),
    ShippedTemplate(
        Template(
            "Amount Band Two",
            Conditions(profile=OMM, amount_above=LARGE_ORDER),
            (
                *_ask(_BAND, [_D.SALES_MANAGEMENT], 1),
                Question(_D.GENERAL_MANAGEMENT, _BAND, level=2, due_after=1),
            ),
            forbids_own_order=True,
        ),
        "Two levels of approval: the sales manager, then the general manager (R-081).",
    ),
    ShippedTemplate(
        Template(
            "Contract Paid Before Shipment",
            Conditions(profile=OMM, payment_family=PaymentFamily.PAY_FIRST.value),
            _ask(_CONTRACT, [_D.SALES_MANAGEMENT], 1),
            forbids_own_order=True,
        ),
        "Contract whose money comes before the goods, by cash, bank or online: the sales manager approves it "
        "before sales signs it with the customer (R-120).",
    ),
    ShippedTemplate(
        Template(
            "Monthly-account Contract",
            Conditions(profile=OMM, payment_term=PaymentTerm.MONTHLY_ACCOUNT.value),
            _ask(_CONTRACT, [_D.MARKETING_MANAGEMENT], 1),
            forbids_own_order=True,
        ),
        "Monthly-account contract: the marketing director approves it before sales signs it (R-120).",
    ),
    ShippedTemplate(
        Template(
            "Prepaid Production Notice",
            Conditions(profile=PMC, payment_term=PaymentTerm.PREPAYMENT.value),
            (
                *_ask("Is the prepayment on the company's account?", [_D.FINANCE], 1),
                Question(_D.SALES_MANAGEMENT, "Is the production notice approved?", level=2, due_after=1),
            ),
            forbids_own_order=True,
        ),
        "Prepaid order: finance verifies the money, the sales manager approves the production notice, the "
        "sales office issues it by the release to planning (R-154).",
    ),
)
"""Every template of the written procedures."""
