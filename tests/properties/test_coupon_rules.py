"""What coupons take off: equal to an independent exact reference on 100,000 random carts, and sound on every one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.coupons import CouponClass
from lumia.errors import InvalidValue
from lumia.repos.discounts import MAX_CODES, CouponTerms, DiscountLine, apply_coupons
from lumia.types import CouponKind
from tests.support.coupon_carts import compare_carts

SEEDS = range(1, 5)
CARTS = 25_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_coupons_take_off_what_the_reference_takes_off(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    """Line by line, coupon by coupon and reason by reason, with currencies of 0, 2 and 3 decimals."""
    covered = compare_carts(seed, CARTS)

    record_property("coupon_rules", json.dumps(covered.told()))
    sys.stdout.write(f"seed {seed}: {json.dumps(covered.told())}\n")
    assert covered.largest_deviation == 0
    assert covered.carts == CARTS
    # No figure is empty: what is not drawn is not compared.
    assert set(covered.kinds) == {kind.value for kind in CouponKind}
    assert min(covered.applied, covered.several, covered.outbid, covered.refused) > CARTS // 100


@given(st.integers(min_value=0))
def test_any_seed_gives_carts_on_which_both_agree(seed: int) -> None:
    """The seeds above are no lucky ones."""
    covered = compare_carts(seed, 10)

    assert covered.largest_deviation == 0


def terms(key: int, kind: CouponKind, value: str, **more: object) -> CouponTerms:
    """A coupon for everything in the carts below."""
    given_terms = {"eligible": frozenset({1, 2, 3}), **more}
    return CouponTerms(coupon_id=key, code=f"C{key}", kind=kind, value=Decimal(value), **given_terms)  # type: ignore[arg-type]


def taken(coupon: CouponTerms, *lines: tuple[int, int, str], currency: str = "GBP") -> list[str]:
    """What one coupon takes off each line, as text; nothing where it is refused."""
    found = apply_coupons(
        [DiscountLine(variant, quantity, Decimal(amount)) for variant, quantity, amount in lines],
        [coupon],
        currency=currency,
        shipping=lambda _: Decimal(3),
    )
    return [str(discount) for discount in found.line_discounts]


PERCENT = CouponKind.PERCENT


@pytest.mark.parametrize(
    ("coupon", "lines", "currency", "expected"),
    [
        # Half a coin is rounded up, once, on the sum: each line by itself would give nothing or twice.
        (terms(1, PERCENT, "10"), [(1, 1, "0.05")], "GBP", ["0.01"]),
        (terms(1, PERCENT, "10"), [(1, 1, "0.04")], "GBP", ["0.00"]),
        (terms(1, PERCENT, "10"), [(1, 1, "0.05"), (2, 1, "0.05")], "GBP", ["0.01", "0.00"]),
        (
            terms(1, PERCENT, "33.3333"),
            [(1, 1, "1.00"), (2, 1, "1.00"), (3, 1, "1.00")],
            "GBP",
            ["0.34", "0.33", "0.33"],
        ),
        (terms(1, PERCENT, "50"), [(1, 1, "1")], "JPY", ["1"]),
        (terms(1, PERCENT, "50"), [(1, 1, "0.001")], "KWD", ["0.001"]),
        (terms(1, PERCENT, "100"), [(1, 1, "9.99"), (2, 1, "0.00")], "GBP", ["9.99", "0.00"]),
        (terms(1, CouponKind.PERCENT_CAPPED, "50", cap=Decimal("1.00")), [(1, 1, "2.00")], "GBP", ["1.00"]),
        (terms(1, CouponKind.PERCENT_CAPPED, "50", cap=Decimal("1.00")), [(1, 1, "2.02")], "GBP", ["1.00"]),
        (terms(1, CouponKind.PERCENT_CAPPED, "50", cap=Decimal("1.00")), [(1, 1, "1.98")], "GBP", ["0.99"]),
        (terms(1, CouponKind.FIXED_ORDER, "5"), [(1, 1, "1.00"), (2, 1, "2.00")], "GBP", ["1.00", "2.00"]),
        (terms(1, CouponKind.FIXED_ORDER, "1"), [(1, 1, "1.00"), (2, 1, "2.00")], "GBP", ["0.33", "0.67"]),
        (
            terms(1, CouponKind.FIXED_ORDER, "1", eligible=frozenset({2})),
            [(1, 1, "1.00"), (2, 1, "2.00")],
            "GBP",
            ["0.00", "1.00"],
        ),
        (terms(1, CouponKind.FIXED_UNIT, "0.30"), [(1, 3, "3.00"), (2, 2, "0.50")], "GBP", ["0.90", "0.50"]),
        (terms(1, CouponKind.BUY_X_GET_Y, "100", buy_quantity=2, get_quantity=1), [(1, 2, "8.00")], "GBP", ["0.00"]),
        (
            terms(1, CouponKind.BUY_X_GET_Y, "100", buy_quantity=2, get_quantity=1),
            [(1, 2, "8.00"), (2, 1, "3.00")],
            "GBP",
            ["0.00", "3.00"],
        ),
        (terms(1, CouponKind.BUY_X_GET_Y, "50", buy_quantity=2, get_quantity=2), [(1, 3, "9.00")], "GBP", ["1.50"]),
        (
            terms(1, CouponKind.BUY_X_GET_Y, "100", buy_quantity=1, get_quantity=1),
            [(1, 1, "3.00"), (2, 1, "3.00")],
            "GBP",
            ["3.00", "0.00"],
        ),
        (
            terms(1, CouponKind.TIERED, "0", tiers=((Decimal(10), Decimal(5)), (Decimal(20), Decimal(10)))),
            [(1, 1, "19.99")],
            "GBP",
            ["1.00"],
        ),
        (
            terms(1, CouponKind.TIERED, "0", tiers=((Decimal(10), Decimal(5)), (Decimal(20), Decimal(10)))),
            [(1, 1, "20.00")],
            "GBP",
            ["2.00"],
        ),
        (terms(1, CouponKind.TIERED, "0", tiers=((Decimal(10), Decimal(5)),)), [(1, 1, "9.99")], "GBP", ["0.00"]),
        (terms(1, PERCENT, "10", minimum=Decimal("10.00")), [(1, 1, "10.00")], "GBP", ["1.00"]),
        (terms(1, PERCENT, "10", minimum=Decimal("10.01")), [(1, 1, "10.00")], "GBP", ["0.00"]),
        (terms(1, PERCENT, "10", budget_left=Decimal("1.00")), [(1, 1, "10.00")], "GBP", ["1.00"]),
        (terms(1, PERCENT, "10", budget_left=Decimal("0.99")), [(1, 1, "10.00")], "GBP", ["0.00"]),
    ],
)
def test_each_kind_at_its_borders(
    coupon: CouponTerms, lines: list[tuple[int, int, str]], currency: str, expected: list[str]
) -> None:
    """One coin below a border, and on it."""
    assert taken(coupon, *lines, currency=currency) == expected


def chosen(
    *coupons: CouponTerms, amount: str = "100.00", free_from: str | None = None
) -> tuple[list[str], list[str], str]:
    """What is applied, what is outbid, and what shipping costs, for a cart of one line."""
    found = apply_coupons(
        [DiscountLine(1, 1, Decimal(amount))],
        coupons,
        currency="GBP",
        shipping=lambda rest: Decimal(0) if free_from is not None and rest >= Decimal(free_from) else Decimal(6),
    )
    return [applied.code for applied in found.applied], list(found.outbid), str(found.shipping_total)


ALL = frozenset(CouponClass)


def test_coupons_that_do_not_combine_leave_the_one_that_saves_most() -> None:
    """The other one is told of."""
    assert chosen(terms(1, PERCENT, "10"), terms(2, PERCENT, "20")) == (["C2"], ["C1"], "6.00")


def test_of_equal_coupons_the_lower_key_wins() -> None:
    """In whatever order they were given."""
    assert chosen(terms(2, PERCENT, "10"), terms(1, CouponKind.FIXED_ORDER, "10")) == (["C1"], ["C2"], "6.00")


def test_coupons_combine_only_if_both_say_so() -> None:
    """One of the two listing the other's class is not enough."""
    one_way = chosen(terms(1, PERCENT, "10", combines_with=ALL), terms(2, CouponKind.FIXED_UNIT, "5"))
    both_ways = chosen(
        terms(1, PERCENT, "10", combines_with=frozenset({CouponClass.PRODUCT})),
        terms(2, CouponKind.FIXED_UNIT, "5", combines_with=frozenset({CouponClass.ORDER})),
    )

    assert one_way == (["C1"], ["C2"], "6.00")
    assert both_ways == (["C2", "C1"], [], "6.00")


def test_each_class_takes_from_what_the_one_before_left() -> None:
    """Ten percent of the 90.00 that five units' reduction left, then the shipping of what is left then."""
    found = apply_coupons(
        [DiscountLine(1, 5, Decimal("100.00"))],
        [
            terms(1, CouponKind.FREE_SHIPPING, "0", combines_with=ALL),
            terms(2, PERCENT, "10", combines_with=ALL),
            terms(3, CouponKind.FIXED_UNIT, "2", combines_with=ALL),
        ],
        currency="GBP",
        shipping=lambda rest: Decimal(4) if rest == Decimal("81.00") else Decimal(9),
    )

    assert [(applied.code, str(applied.amount), str(applied.shipping_amount)) for applied in found.applied] == [
        ("C3", "10.00", "0.00"),
        ("C2", "9.00", "0.00"),
        ("C1", "4.00", "4.00"),
    ]
    assert (found.line_discounts, found.shipping_total) == ((Decimal("19.00"),), Decimal(0))


def test_a_coupon_that_costs_free_shipping_more_than_it_takes_off_is_refused() -> None:
    """5.00 off would bring the order below the sum from which it is sent free of 6.00."""
    assert chosen(terms(1, CouponKind.FIXED_ORDER, "5"), free_from="100.00") == ([], [], "0.00")
    assert chosen(terms(1, CouponKind.FIXED_ORDER, "7"), free_from="100.00") == (["C1"], [], "6.00")


def test_free_shipping_counts_where_another_coupon_made_shipping_cost() -> None:
    """By itself it takes nothing off, beside the other one it does."""
    coupons = [
        terms(1, CouponKind.FREE_SHIPPING, "0", combines_with=ALL),
        terms(2, CouponKind.FIXED_ORDER, "5", combines_with=ALL),
    ]

    assert chosen(coupons[0], free_from="100.00") == ([], [], "0.00")
    assert chosen(*coupons, free_from="100.00") == (["C2", "C1"], [], "0.00")


def test_no_coupons_and_no_lines_are_fine() -> None:
    """Nothing is taken off nothing."""
    assert chosen() == ([], [], "6.00")
    assert taken(terms(1, PERCENT, "10")) == []


def test_too_many_coupons_one_twice_and_unpayable_amounts_are_refused() -> None:
    """What the rules cannot answer exactly is not answered."""
    many = [terms(key, PERCENT, "1") for key in range(1, MAX_CODES + 2)]

    assert chosen(*many[:-1])[0] == ["C1"]
    with pytest.raises(InvalidValue, match="at most 8"):
        chosen(*many)
    with pytest.raises(InvalidValue, match="once"):
        chosen(many[0], many[0])
    with pytest.raises(InvalidValue, match="multiples"):
        taken(many[0], (1, 1, "0.001"))
    with pytest.raises(InvalidValue, match="must lie"):
        taken(many[0], (1, 1, "99999999999.99"), (2, 1, "0.01"))
