"""Drawn values round the borders, and drawn histories: both engines accept the same and end in the same state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumia.errors import DatabaseError, IllegalTransition, LumiaError
from tests.support.cases_money import MONEY
from tests.support.cases_orders import LEGAL, STATUSES
from tests.support.cases_texts import BYTES, CODES, LENGTHS
from tests.support.cases_values import COUNTERS, ENUMS, INSTANTS
from tests.support.databases import Databases
from tests.support.fresh import UNWRITABLE, fresh
from tests.support.profiles import examples
from tests.support.raw import Raw, Share, undone
from tests.support.rows import LATER, Step, imported
from tests.support.trial import Grounds, attempt, lay_grounds

STEADY: Final = settings(max_examples=examples(250))
FEWER: Final = settings(max_examples=examples(60))

PIP: Final = Decimal("0.0001")
ODD: Final = "aZ09 é\u0301\u00df\N{GRINNING FACE}\0\n'\"\\%\ud800"
"""Letters that one engine or the other might count, fold or cut short."""


@pytest.fixture(scope="module")
def grounds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Both engines with the ground laid; each example takes back what it did."""
    with lay_grounds(databases, tmp_path_factory.mktemp("drawn")) as both:
        yield both


def _outcomes(grounds: Grounds, *steps: Step) -> list[type[LumiaError] | None]:
    """How each engine takes the last step: the class that refuses it, or None."""
    found: list[type[LumiaError] | None] = []
    for raw in grounds:
        with undone(raw):
            error = attempt(raw, *steps)
        found.append(type(error) if error else None)
    return found


def _agreed(grounds: Grounds, place: str, value: Any) -> bool:
    """Whether both accept a fresh row with this value; fails if they differ or the class is none of the data's."""
    table, column = place.split(".")
    lite, server = _outcomes(grounds, *fresh(table, **{column: value}))
    assert lite is server, (place, value)
    assert lite is None or issubclass(lite, DatabaseError)
    return lite is None


def _writable(places: Iterable[str]) -> list[str]:
    """The columns that a client may write."""
    return [place for place in places if place.split(".")[0] not in UNWRITABLE]


def _near(low: int, high: int) -> st.SearchStrategy[int]:
    """Whole numbers at, round and far beyond two borders."""
    return st.one_of(
        st.integers(low - 2, low + 2),
        st.integers(high - 2, high + 2),
        st.integers(-(2**70), 2**70),
        st.integers(low, high),
    )


@st.composite
def _texts(draw: st.DrawFn, low: int, high: int) -> str:
    if draw(st.booleans()):
        return draw(st.text(ODD, max_size=8))
    return draw(st.sampled_from(ODD)) * draw(st.integers(max(low - 1, 0), low + 1) | st.integers(high - 1, high + 1))


_AMOUNTS: Final = st.one_of(
    st.decimals(-100, 100, places=4),
    st.decimals(-(10**11) - 1, 10**11 + 1, places=4),
    st.integers(-3, 3).map(lambda pips: Decimal(10**11) + pips * PIP),
    st.integers(0, 6).flatmap(lambda places: st.decimals(-1, 1, places=places)),
    st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("-0"), Decimal("1E+30")]),
)

_INSTANTS: Final = st.one_of(
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-2, 2).map(lambda ticks: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks)),
    st.integers(-2, 2).map(lambda ticks: datetime(9999, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks)),
    st.integers(-14, 14).map(lambda hours: datetime(2024, 2, 29, 23, 59, 59, 999999, timezone(timedelta(hours=hours)))),
)


@STEADY
@given(data=st.data())
def test_engines_agree_on_texts(grounds: Grounds, data: st.DataObject) -> None:
    """Length counts code points, NUL and lone surrogates are refused, everything else is kept."""
    place = data.draw(st.sampled_from(sorted(_writable(LENGTHS))))
    low, high = LENGTHS[place]
    text = data.draw(_texts(low, min(high, 20_000)))

    accepted = _agreed(grounds, place, text)

    assert accepted == (low <= len(text) <= high and "\0" not in text and "\ud800" not in text)


@STEADY
@given(data=st.data())
def test_engines_agree_on_amounts(grounds: Grounds, data: st.DataObject) -> None:
    """Money within its limit and with at most four decimals, and nothing that is no number."""
    place = data.draw(st.sampled_from(sorted(_writable(MONEY))))
    amount = data.draw(_AMOUNTS)

    accepted = _agreed(grounds, place, amount)

    fits = amount.is_finite() and 0 <= amount < 10**11 and amount == amount.quantize(PIP)
    assert not accepted or fits
    if place.split(".")[0] in {"product_variants", "shipping_methods"}:
        assert accepted == fits


@STEADY
@given(
    place=st.sampled_from(["tax_rates.rate", "order_items.tax_rate"]),
    rate=st.decimals(-2, 2, places=7) | st.decimals(0, 1, places=6) | st.sampled_from([Decimal("NaN"), Decimal(1)]),
)
def test_engines_agree_on_rates(grounds: Grounds, place: str, rate: Decimal) -> None:
    """A share of one with at most six decimals."""
    accepted = _agreed(grounds, place, Share(rate))

    assert accepted == (rate.is_finite() and 0 <= rate <= 1 and rate == rate.quantize(Decimal("0.000001")))


@STEADY
@given(data=st.data())
def test_engines_agree_on_numbers(grounds: Grounds, data: st.DataObject) -> None:
    """A range ends where it says, also where 64 bits end."""
    place, low, high = data.draw(st.sampled_from(sorted(COUNTERS.values())))
    number = data.draw(_near(low, high))

    accepted = _agreed(grounds, place, number)

    assert not accepted or low <= number <= high


@STEADY
@given(place=st.sampled_from(sorted(_writable(INSTANTS))), instant=_INSTANTS)
def test_engines_agree_on_instants(grounds: Grounds, place: str, instant: datetime) -> None:
    """The years 1970 to 9998, to the microsecond, whatever zone the instant is given in."""
    accepted = _agreed(grounds, place, instant)

    assert not accepted or 1970 <= instant.astimezone(UTC).year <= 9998


@STEADY
@given(data=st.data())
def test_engines_agree_on_codes_labels_and_bytes(grounds: Grounds, data: st.DataObject) -> None:
    """Codes, enum labels, lists of codes and hashes are taken whole or refused."""
    short = st.text("ABZaz09Ä\0 ", max_size=4)
    place, value = data.draw(
        st.one_of(
            st.tuples(st.sampled_from([place for place, _ in CODES.values()]), short),
            st.tuples(
                st.sampled_from(_writable(ENUMS)),
                short | st.sampled_from([*STATUSES, "new", "Paid", "active", "opening"]),
            ),
            st.tuples(st.sampled_from(BYTES), st.binary(min_size=30, max_size=34)),
            st.tuples(st.just("shipping_methods.countries"), st.lists(short.filter(str.isalpha) | short).map(tuple)),
        )
    )

    _agreed(grounds, place, value)


_PIPS: Final = st.integers(-1, 5).map(lambda pips: pips * PIP)
_OFF: Final = st.sampled_from([0, 0, 0, 1, -1])


@STEADY
@given(parts=st.tuples(_PIPS, _PIPS, _PIPS, _PIPS), off=_OFF)
def test_engines_agree_on_the_sum_of_an_order(grounds: Grounds, parts: tuple[Decimal, ...], off: int) -> None:
    """An order is taken exactly if no part is negative, the discount is covered and the total is their sum."""
    subtotal, discount, shipping, tax = parts
    total = subtotal - discount + shipping + tax + off * PIP
    sums = {"subtotal": subtotal, "discount_total": discount, "shipping_total": shipping, "tax_total": tax}

    lite, server = _outcomes(grounds, *fresh("orders", **sums, total=total))

    fits = min(parts) >= 0 and discount <= subtotal and off == 0
    assert (lite is None, server is None) == (fits, fits)


@STEADY
@given(
    price=st.decimals(0, 20, places=4),
    quantity=st.integers(0, 4),
    drift=st.integers(-5002, 5002).map(lambda pips: pips * PIP),
    taken=st.tuples(_PIPS, _PIPS),
    off=_OFF,
)
def test_engines_agree_on_the_sum_of_a_line(
    grounds: Grounds, *, price: Decimal, quantity: int, drift: Decimal, taken: tuple[Decimal, Decimal], off: int
) -> None:
    """A line is taken exactly if its amount is near its price times its quantity and its total is its sum."""
    amount = price * quantity + drift
    discount, tax = taken
    line = {"unit_price": price, "quantity": quantity, "amount": amount, "discount": discount, "tax": tax}

    lite, server = _outcomes(grounds, *fresh("order_items", **line, line_total=amount - discount + tax + off * PIP))

    fits = quantity > 0 and 0 <= discount <= amount and tax >= 0 and off == 0 and abs(drift) <= Decimal("0.5")
    assert (lite is None, server is None) == (fits, fits)


# --- histories --------------------------------------------------------------------------------------------------------


def _tried(raw: Raw, step: Step) -> LumiaError | None:
    """Run a step in a savepoint, so that the ones before it stay when it is refused."""
    raw.run("SAVEPOINT step")
    error = attempt(raw, step)
    raw.run("RELEASE step" if error is None else "ROLLBACK TO step")
    return error


_MOVES: Final = st.tuples(
    st.sampled_from(["received", "allocated", "released", "shipped", "returned", "adjusted", "damaged", "opening"]),
    st.integers(-4, 6),
    st.integers(-4, 6),
)


@FEWER
@given(moves=st.lists(_MOVES, max_size=12))
def test_engines_keep_the_same_books(grounds: Grounds, moves: list[tuple[str, int, int]]) -> None:
    """After any movements the counters are the sum of the ledger, never negative, and equal on both engines."""
    counters: list[Any] = []
    for raw in grounds:
        with undone(raw):
            taken = [
                _tried(
                    raw,
                    fresh(
                        "stock_movements",
                        stock_movement_id=number,
                        kind=kind,
                        on_hand_delta=on_hand,
                        allocated_delta=held,
                    )[-1],
                )
                is None
                for number, (kind, on_hand, held) in enumerate(moves, start=100)
            ]
            sums = raw.run(
                "SELECT CAST(sum(on_hand_delta) AS integer), CAST(sum(allocated_delta) AS integer) "
                "FROM stock_movements WHERE variant_id = 1"
            )
            stock = raw.run("SELECT on_hand, allocated FROM inventory WHERE variant_id = 1")
        assert stock == sums
        assert min(stock[0]) >= 0
        counters.append((taken, stock))

    assert counters[0] == counters[1]


@FEWER
@given(walk=st.lists(st.sampled_from(STATUSES), max_size=6), first=st.sampled_from(STATUSES))
def test_engines_walk_the_same_life_cycle(grounds: Grounds, walk: list[str], first: str) -> None:
    """An order takes the legal steps only, and its history is the steps that it took."""
    for raw in grounds:
        state, steps = first, list[tuple[str, str]]()
        with undone(raw):
            raw.run(*fresh("orders", **{**imported(100, LATER), "status": first})[-1])
            for status in walk:
                change = "UPDATE orders SET status = ?, updated_at = ? WHERE order_id = 100", (status, LATER)
                error = _tried(raw, change)
                legal = (state, status) in LEGAL
                assert (error is None) == (legal or state == status)
                assert error is None or isinstance(error, IllegalTransition)
                if legal:
                    steps.append((state, status))
                    state = status
            written = raw.run(
                "SELECT CAST(from_status AS text), CAST(to_status AS text) FROM order_status_history "
                "WHERE order_id = 100 ORDER BY order_status_history_id"
            )

        assert written == steps, raw.engine
