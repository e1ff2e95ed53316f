"""What input models accept and refuse, how refusals speak, and how e-mail addresses are compared."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from lumia import dto
from lumia.dto.base import UNCHANGED, FrozenRow, InputModel, checked_id, validated
from lumia.dto.carts import CartItemChange, NewGuestCart
from lumia.dto.catalog import NewCategory, NewOption, NewProduct, NewVariant
from lumia.dto.customers import ImportedCustomer, NewAddress, NewCustomer
from lumia.dto.delivery import NewShippingMethod, NewTaxRate
from lumia.dto.emails import email_key
from lumia.dto.returns import ReceivedReturn
from lumia.dto.settings import SettingsUpdate
from lumia.dto.stock import Adjustment, Receipt, Transfer, VariantIds
from lumia.errors import InvalidValue

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def models(base: type[BaseModel]) -> list[type[BaseModel]]:
    """Every public data object below a base."""
    found = [getattr(dto, name) for name in dto.__all__]
    return [model for model in found if isinstance(model, type) and issubclass(model, base) and model is not base]


# --- the bases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*models(FrozenRow), *models(InputModel)], ids=lambda model: model.__name__)
def test_every_data_object_is_frozen_and_refuses_unknown_fields(model: type[BaseModel]) -> None:
    """What a repository gave out can be shared and hashed, and a misspelt field is never ignored."""
    assert model.model_config.get("frozen")
    assert model.model_config.get("extra") == "forbid"


def test_the_package_shows_what_its_modules_show() -> None:
    """Whoever writes `from lumia.dto import X` need not know the file; field types stay where they are."""
    modules = [entry.name for entry in pkgutil.iter_modules(dto.__path__) if entry.name != "fields"]

    shown = {name for module in modules for name in importlib.import_module(f"lumia.dto.{module}").__all__}

    assert set(dto.__all__) == shown


def test_bad_input_is_a_lumia_error_that_names_fields_and_hides_values() -> None:
    """A log of refusals must not become a list of customers."""
    with pytest.raises(InvalidValue) as refusal:
        NewCustomer(email="ada.lovelace@@example", first_name="Augusta" * 50, last_name="ok\0secret")

    text = str(refusal.value)
    assert "email" in text
    assert "first_name" in text
    assert "last_name" in text
    assert "lovelace" not in text
    assert "Augusta" not in text
    assert "secret" not in text
    assert refusal.value.__suppress_context__


def test_validated_gives_the_model_or_the_same_refusal() -> None:
    """Repositories build their input from keyword arguments and must refuse exactly as the model does."""
    built = validated(NewCategory, name="Tea", slug="tea")

    with pytest.raises(InvalidValue, match="slug"):
        validated(NewCategory, name="Tea", slug="No Slug")

    assert built == NewCategory(name="Tea", slug="tea")


def test_nested_names_that_are_no_texts_are_refused() -> None:
    """The bug: an object inside an argument with a number for a name raised TypeError."""
    for name in (2, None, (1,)):
        items: Any = {1: {name: 3}}
        with pytest.raises(InvalidValue):
            validated(ReceivedReturn, location_id=1, items=items, actor="x", note="")
        with pytest.raises(InvalidValue):
            ReceivedReturn(location_id=1, items=items, actor="x", note="")


def test_validated_converts_the_errors_of_any_model() -> None:
    """A row model that is built from input must not leak pydantic's error either."""

    class Plain(BaseModel):
        size: int

    with pytest.raises(InvalidValue, match="size"):
        validated(Plain, size="wide")
    with pytest.raises(ValidationError):
        Plain(size="wide")


def test_unknown_fields_are_refused() -> None:
    """A misspelt argument must not be dropped without a word."""
    with pytest.raises(InvalidValue, match="colour"):
        validated(NewCategory, name="Tea", slug="tea", colour="red")


@pytest.mark.parametrize("price", [0.1, 1.0, float("nan")])
def test_floats_are_refused(price: float) -> None:
    """0.1 as a float is not a tenth: whoever passes one has lost the cent already."""
    with pytest.raises(InvalidValue, match="price: a float is not exact"):
        validated(NewVariant, sku="A", price=price)


@pytest.mark.parametrize("price", ["-0.0001", "1.00001", "100000000000", "NaN", "Infinity", "1e400", ""])
def test_prices_outside_of_money_are_refused(price: str) -> None:
    """What the databases could not hold exactly never gets there."""
    with pytest.raises(InvalidValue, match="price"):
        validated(NewVariant, sku="A", price=price)


@pytest.mark.parametrize("price", ["0", "0.0001", "99999999999.9999"])
def test_prices_at_the_border_are_accepted(price: str) -> None:
    """The bounds belong to the range."""
    assert NewVariant(sku="A", price=Decimal(price)).price == Decimal(price)


@pytest.mark.parametrize("key", [0, -1, 2**63, True, 1.0, "1", None])
def test_what_cannot_be_a_key_is_refused(key: object) -> None:
    """A key beyond 64 bits is an OverflowError on one engine and a lost digit on the other."""
    with pytest.raises(InvalidValue, match="customer_id"):
        checked_id("customer_id", key)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [1, 2**63 - 1])
def test_keys_at_the_border_are_accepted(key: int) -> None:
    """The bounds belong to the range."""
    assert checked_id("customer_id", key) == key


def test_unchanged_reads_well_in_a_signature() -> None:
    """It is shown by help() and in editors."""
    assert repr(UNCHANGED) == "UNCHANGED"


# --- texts ------------------------------------------------------------------------------------------------------------


def test_texts_are_normalised_and_trimmed() -> None:
    """Two ways to type the same name are the same name."""
    category = NewCategory(name="  Cafe\u0301 ", slug="cafe")

    assert category.name == "Caf\u00e9"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\0b", "\ud800"])
def test_names_that_cannot_be_stored_alike_are_refused(name: str) -> None:
    """A NUL ends a text on one engine, a lone surrogate fits into no UTF-8."""
    with pytest.raises(InvalidValue, match="name"):
        NewCategory(name=name, slug="tea")


def test_lengths_are_counted_in_code_points_after_normalisation() -> None:
    """The databases count what is stored, so a name that just fits must be let in."""
    letters = "e\u0301" * 200

    assert NewCategory(name=letters, slug="tea").name == "\u00e9" * 200


@pytest.mark.parametrize("slug", ["a", "a-b", "2030-sale", "x" * 200])
def test_slugs_of_the_usual_form_are_accepted(slug: str) -> None:
    """They stand in URLs without being escaped."""
    assert NewProduct(category_id=1, slug=slug, name="Tea").slug == slug


@pytest.mark.parametrize("slug", ["", "A", "a b", "a--b", "-a", "a-", "a/b", "é", "a\n", "x" * 201])
def test_other_slugs_are_refused(slug: str) -> None:
    """A slash or a blank would break the URL that the slug is for."""
    with pytest.raises(InvalidValue, match="slug"):
        NewProduct(category_id=1, slug=slug, name="Tea")


@pytest.mark.parametrize("sku", ["", " A", "A ", "x" * 65, "A\0"])
def test_skus_with_invisible_differences_are_refused(sku: str) -> None:
    """A SKU is compared byte by byte: a blank at its end would be another article."""
    with pytest.raises(InvalidValue, match="sku"):
        NewVariant(sku=sku, price=Decimal(1))


def test_a_sku_keeps_its_case_and_inner_blanks() -> None:
    """The shop's own spelling is the key."""
    assert NewVariant(sku="85123a B", price=Decimal(1)).sku == "85123a B"


# --- single models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [(), ("S", "S"), ("S", " S "), tuple(str(n) for n in range(101)), ("",)])
def test_an_option_needs_1_to_100_different_values(values: tuple[str, ...]) -> None:
    """A value that stands twice would make two variants of one thing."""
    with pytest.raises(InvalidValue, match="values"):
        NewOption(name="Size", values=values)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_a_cart_line_holds_1_to_a_million(quantity: int) -> None:
    """Nothing is removed by setting it to zero, and no line overflows."""
    with pytest.raises(InvalidValue, match="quantity"):
        CartItemChange(variant_id=1, quantity=quantity)


def test_an_adjustment_says_why_and_changes_something() -> None:
    """A ledger row without reason or effect explains nothing a year later."""
    with pytest.raises(InvalidValue, match="reason"):
        Adjustment(variant_id=1, location_id=1, delta=1, reason=" ", actor="me")
    with pytest.raises(InvalidValue, match="delta"):
        Adjustment(variant_id=1, location_id=1, delta=0, reason="counted", actor="me")


def test_a_transfer_goes_to_another_place() -> None:
    """Two movements on one row would be noise in the ledger."""
    with pytest.raises(InvalidValue, match="to_location_id"):
        Transfer(variant_id=1, from_location_id=2, to_location_id=2, quantity=1, actor="me")


@pytest.mark.parametrize("quantity", [0, 1_000_000_001])
def test_a_receipt_brings_at_least_one_unit(quantity: int) -> None:
    """And no more than a counter can hold."""
    with pytest.raises(InvalidValue, match="quantity"):
        Receipt(variant_id=1, location_id=1, quantity=quantity)


def test_asked_variants_are_sorted_and_counted_once() -> None:
    """The answer's order does not depend on how the question was put."""
    assert VariantIds(variant_ids=(3, 1, 3)).variant_ids == (1, 3)


def test_a_tax_rate_ends_after_it_begins() -> None:
    """An empty window would be a rate that never holds and is never noticed."""
    with pytest.raises(InvalidValue, match="valid_to"):
        NewTaxRate(country_code="DE", rate=Decimal("0.19"), valid_from=NOON, valid_to=NOON)

    assert NewTaxRate(
        country_code="DE", rate=Decimal(1), valid_from=NOON, valid_to=NOON + timedelta(microseconds=1)
    ).rate == Decimal(1)


@pytest.mark.parametrize("rate", ["-0.000001", "1.000001", "0.0000001", "NaN"])
def test_a_rate_is_a_share_of_one(rate: str) -> None:
    """19 instead of 0.19 is the classic mistake."""
    with pytest.raises(InvalidValue, match="rate"):
        NewTaxRate(country_code="DE", rate=Decimal(rate), valid_from=NOON)


def test_an_instant_needs_a_time_zone() -> None:
    """A naive one would be shifted by whatever zone a session has."""
    with pytest.raises(InvalidValue, match="valid_from"):
        NewTaxRate(country_code="DE", rate=Decimal(0), valid_from=NOON.replace(tzinfo=None))


@pytest.mark.parametrize("code", ["de", "DEU", "D", "D1", ""])
def test_countries_are_two_capital_letters(code: str) -> None:
    """Anything else would never match an address."""
    with pytest.raises(InvalidValue, match="countries"):
        NewShippingMethod(code="post", name="Post", price=Decimal(0), countries=(code,))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe/London\0"])
def test_a_time_zone_must_be_known(zone: str) -> None:
    """Reports would fail a month later otherwise."""
    with pytest.raises(InvalidValue, match="time_zone"):
        SettingsUpdate(time_zone=zone)


def test_an_address_needs_a_recipient_a_line_and_a_city() -> None:
    """A parcel without one of them comes back."""
    with pytest.raises(InvalidValue, match=r"recipient.*line1.*city"):
        NewAddress(recipient=" ", line1="", city="", country_code="GB")


# --- e-mail addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example"),
        ("ada@BU\u0308CHER.example", "ada@b\u00fccher.example"),
        ("stra\u00dfe@example.com", "STRASSE@example.com"),
        ("e\u0301@example.com", "\u00c9@example.com"),
    ],
)
def test_spellings_of_one_address_share_a_key(one: str, other: str) -> None:
    """One person must not register twice because a keyboard differs."""
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ada@example.com", "ada@example.org"), ("ada@example.com", "a.da@example.com")]
)
def test_different_addresses_have_different_keys(one: str, other: str) -> None:
    """Dots and tags are the provider's business."""
    assert email_key(one) != email_key(other)


@given(st.text(min_size=1, max_size=20).filter(lambda text: "@" not in text))
def test_a_key_is_its_own_key_and_knows_no_spelling(local: str) -> None:
    """Otherwise a key read back from the database would not find its row."""
    key = email_key(f"{local}@example.com")

    assert email_key(key) == key
    assert unicodedata.is_normalized("NFC", key)
    assert email_key(f"{unicodedata.normalize('NFD', local)}@EXAMPLE.com") == key


@pytest.mark.parametrize("email", ["", "@", "a@", "@b.c", "ab", "a@b c.de", "a@" + "x" * 300, "\u00df" * 130 + "@b.c"])
def test_what_has_no_key_is_refused(email: str) -> None:
    """A key of 254 characters is what the tables hold."""
    with pytest.raises(InvalidValue, match="email"):
        email_key(email)


def test_the_refusal_of_an_address_does_not_show_it() -> None:
    """It is personal data even when it is wrong."""
    with pytest.raises(InvalidValue) as refusal:
        email_key("ada lovelace")

    assert "lovelace" not in str(refusal.value)


@pytest.mark.parametrize("email", ["Ada@Example.com", "\u00fc@b\u00fccher.example"])
def test_a_registration_keeps_the_address_as_typed(email: str) -> None:
    """It is what the customer reads back in every letter."""
    assert NewCustomer(email=email).email == email


@pytest.mark.parametrize("email", ["17850@import.invalid", "a@b", "a@localhost", "a b@example.com", "Ada <a@b.de>"])
def test_a_registration_needs_an_address_that_mail_could_be_sent_to(email: str) -> None:
    """A confirmation to a reserved domain never arrives."""
    with pytest.raises(InvalidValue, match="email"):
        NewCustomer(email=email)
    with pytest.raises(InvalidValue, match="email"):
        NewGuestCart(email=email)


def test_an_import_may_bring_placeholders() -> None:
    """Customers of an old system have no address, and `.invalid` is reserved for exactly that."""
    customer = ImportedCustomer(email="17850@import.invalid", external_reference="17850")

    assert customer.email == "17850@import.invalid"
