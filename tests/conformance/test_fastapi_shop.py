"""The web shop of the examples, asked through HTTP by its own client, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient

from examples.fastapi_shop import create_app
from examples.fastapi_shop.goods import put_on_sale
from examples.fastapi_shop.problems import STATUS
from lumia import Shop, connect, errors
from lumia.dto import NewCoupon
from lumia.types import CouponKind

ADA = {"email": "ada@example.com", "password": "correct horse battery", "first_name": "Ada", "last_name": "Lovelace"}
HOME = {"recipient": "Ada Lovelace", "line1": "12 St James's Square", "city": "London", "country_code": "GB"}
POST = {"shipping_method": "post", "country_code": "GB"}


@pytest.fixture
def client(url: str) -> Iterator[TestClient]:
    """Give a client of a shop that sells two mugs."""
    with TestClient(create_app(url, prepare=put_on_sale)) as client:
        yield client


@pytest.fixture
def mug(client: TestClient) -> int:
    """Give the key of a variant that is on sale."""
    variants: list[dict[str, Any]] = client.get("/products/mug").json()["variants"]
    return int(variants[0]["variant_id"])


def register(client: TestClient, **more: str) -> dict[str, str]:
    """Register Ada and give the headers of her session."""
    token: str = client.post("/customers", json={**ADA, **more}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def quoted(client: TestClient, headers: dict[str, str]) -> dict[str, Any]:
    """Give what an order of the cart needs, for what it comes to now."""
    quote = client.post("/cart/quote", json=POST, headers=headers).json()
    return {
        "cart_id": quote["cart_id"],
        "shipping_method": "post",
        "shipping_address": HOME,
        "expected_total": quote["total"],
    }


def test_a_customer_finds_chooses_and_orders(client: TestClient, mug: int) -> None:
    """Search, cart, quote and order go through, and the order is at the place that the answer names."""
    headers = register(client)

    found = client.get("/products", params={"text": "mug"}).json()
    cart = client.put(f"/cart/items/{mug}", json={"quantity": 2}, headers=headers).json()
    placed = client.post("/orders", json=quoted(client, headers), headers={**headers, "Idempotency-Key": "1"})
    read = client.get(placed.headers["Location"], headers=headers)
    listed = client.get("/orders", headers=headers).json()

    assert [item["slug"] for item in found["items"]] == ["mug"]
    assert Decimal(cart["subtotal"]) == Decimal(25)
    assert placed.status_code == HTTPStatus.CREATED
    assert Decimal(placed.json()["total"]) == Decimal(29)
    assert read.json() == placed.json()
    assert [order["public_id"] for order in listed["items"]] == [placed.json()["public_id"]]


def test_an_order_that_is_sent_again_is_the_same_order(client: TestClient, mug: int, url: str) -> None:
    """The same key gives the same answer and one order, although the customer has a new cart by then."""
    headers = register(client)
    client.put(f"/cart/items/{mug}", json={"quantity": 2}, headers=headers)
    body = quoted(client, headers)

    answers = [client.post("/orders", json=body, headers={**headers, "Idempotency-Key": "1"}) for _ in range(3)]
    other = client.post(
        "/orders",
        json={**body, "shipping_address": {**HOME, "city": "Leeds"}},
        headers={**headers, "Idempotency-Key": "1"},
    )

    assert [answer.json() for answer in answers] == [answers[0].json()] * 3
    assert other.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert other.json()["title"] == "IdempotencyConflict"
    with connect(url) as shop:
        assert len(shop.orders.list().items) == 1


def test_a_guest_orders_with_the_token_of_the_cart(client: TestClient, mug: int) -> None:
    """A guest needs no account: the cart's token says whose it is, also when the order is sent again."""
    token = client.post("/carts", json={"email": "guest@example.com"}).json()["token"]
    headers = {"Cart-Token": token}

    client.put(f"/cart/items/{mug}", json={"quantity": 1}, headers=headers)
    body = quoted(client, headers)
    first = client.post("/orders", json=body, headers={**headers, "Idempotency-Key": "g"})
    again = client.post("/orders", json=body, headers={**headers, "Idempotency-Key": "g"})

    assert first.status_code == HTTPStatus.CREATED
    assert again.json() == first.json()


def test_a_guests_choice_comes_along_when_they_log_in(client: TestClient, mug: int) -> None:
    """What lies in the guest's cart lies in the customer's after the log-in."""
    register(client)
    token = client.post("/carts", json={}).json()["token"]
    client.put(f"/cart/items/{mug}", json={"quantity": 3}, headers={"Cart-Token": token})

    session = client.post(
        "/sessions", json={"email": ADA["email"], "password": ADA["password"], "cart_token": token}
    ).json()
    cart = client.get("/cart", headers={"Authorization": f"Bearer {session['token']}"}).json()

    assert [(line["variant_id"], line["quantity"]) for line in cart["lines"]] == [(mug, 3)]


def test_the_cart_and_the_orders_of_others_are_not_there(client: TestClient, mug: int) -> None:
    """Whoever knows the keys of somebody else's cart or order is told that there is none."""
    ada = register(client)
    bob = register(client, email="bob@example.com")
    client.put(f"/cart/items/{mug}", json={"quantity": 1}, headers=ada)
    body = quoted(client, ada)

    stolen = client.post("/orders", json=body, headers={**bob, "Idempotency-Key": "1"})
    placed = client.post("/orders", json=body, headers={**ada, "Idempotency-Key": "1"})
    read = client.get(placed.headers["Location"], headers=bob)

    assert stolen.status_code == HTTPStatus.NOT_FOUND
    assert placed.status_code == HTTPStatus.CREATED
    assert read.status_code == HTTPStatus.NOT_FOUND


def test_a_total_that_has_changed_is_told_and_nothing_is_ordered(client: TestClient, mug: int, url: str) -> None:
    """The refusal says what the total is now; the cart can be ordered for it."""
    headers = register(client)
    client.put(f"/cart/items/{mug}", json={"quantity": 1}, headers=headers)
    body = quoted(client, headers)
    with connect(url) as shop:
        shop.catalog.set_price(mug, price=Decimal(13))

    refused = client.post("/orders", json=body, headers={**headers, "Idempotency-Key": "1"})
    placed = client.post("/orders", json=quoted(client, headers), headers={**headers, "Idempotency-Key": "1"})

    assert refused.status_code == HTTPStatus.CONFLICT
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["title"] == "TotalChanged"
    assert placed.status_code == HTTPStatus.CREATED


def test_wrong_passwords_are_counted_although_each_is_refused(client: TestClient) -> None:
    """A refused log-in leaves its mark: it is no part of a unit that is undone."""
    register(client)

    wrong = [
        client.post("/sessions", json={"email": ADA["email"], "password": f"wrong {number}"}).status_code
        for number in range(6)
    ]
    right = client.post("/sessions", json={"email": ADA["email"], "password": ADA["password"]})

    assert wrong == [HTTPStatus.UNAUTHORIZED] * 6
    assert right.status_code == HTTPStatus.UNAUTHORIZED


def test_a_provider_may_repeat_itself(client: TestClient, mug: int, url: str) -> None:
    """The same events in the wrong order, some twice, pay the order once; an unknown payment is a 404."""
    headers = register(client)
    client.put(f"/cart/items/{mug}", json={"quantity": 2}, headers=headers)
    order = client.post("/orders", json=quoted(client, headers), headers={**headers, "Idempotency-Key": "1"}).json()
    with connect(url) as shop:
        shop.payments.record(
            order["order_id"],
            provider="acme",
            method="card",
            amount=Decimal(order["total"]),
            provider_reference="pay_1",
            actor="checkout",
        )
    captured = {"event_id": "2", "payment": "pay_1", "kind": "captured", "amount": order["total"]}
    authorized = {"event_id": "1", "payment": "pay_1", "kind": "authorized"}

    answers = [client.post("/payments/acme/events", json=event) for event in (captured, authorized, captured)]
    unknown = client.post("/payments/acme/events", json={**captured, "event_id": "3", "payment": "pay_2"})
    paid = client.get(f"/orders/{order['public_id']}", headers=headers).json()

    assert [answer.status_code for answer in answers] == [HTTPStatus.OK] * 3
    assert Decimal(answers[-1].json()["captured"]) == Decimal(order["total"])
    assert paid["status"] == "paid"
    assert unknown.status_code == HTTPStatus.NOT_FOUND


def test_a_coupon_is_quoted_and_redeemed_or_refused_with_its_reason(client: TestClient, mug: int, url: str) -> None:
    """What the quote takes off, the order takes off; a code that does not apply is no order."""
    with connect(url) as shop:
        shop.coupons.create(
            NewCoupon(code="TEN", kind=CouponKind.PERCENT, value=Decimal(10), currency=shop.settings.get().currency)
        )
    headers = register(client)
    client.put(f"/cart/items/{mug}", json={"quantity": 2}, headers=headers)
    codes = {"coupon_codes": ["ten"]}

    quote = client.post("/cart/quote", json={**POST, **codes}, headers=headers).json()
    body = {**quoted(client, headers), **codes, "expected_total": quote["total"]}
    refused = client.post(
        "/orders", json={**body, "coupon_codes": ["other"]}, headers={**headers, "Idempotency-Key": "1"}
    )
    placed = client.post("/orders", json=body, headers={**headers, "Idempotency-Key": "2"})

    assert Decimal(quote["discount_total"]) == Decimal("2.5")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert refused.json()["title"] == "CouponRefused"
    assert Decimal(placed.json()["discount_total"]) == Decimal("2.5")


def test_a_session_that_was_ended_opens_nothing(client: TestClient) -> None:
    """After the log-out the token is as good as any other."""
    headers = register(client)

    before = client.get("/me", headers=headers)
    ended = client.delete("/sessions", headers=headers)
    after = client.get("/me", headers=headers)
    nobody = client.get("/me")

    assert before.json()["email"] == ADA["email"]
    assert ended.status_code == HTTPStatus.NO_CONTENT
    assert after.status_code == nobody.status_code == HTTPStatus.UNAUTHORIZED
    assert after.headers["WWW-Authenticate"] == "Bearer"


def test_a_malformed_request_is_told_where_and_never_what(client: TestClient) -> None:
    """The answer names the field and does not repeat what was sent."""
    refused = client.post("/customers", json={"email": "ada@example.com", "password": ["hunter2"], "age": 36})

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "body.password" in refused.json()["detail"]
    assert "body.age" in refused.json()["detail"]
    assert "hunter2" not in refused.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/products/nothing", None, HTTPStatus.NOT_FOUND),
        ("GET", "/orders/0198b8f0-0000-7000-8000-000000000000", None, HTTPStatus.NOT_FOUND),
        ("GET", "/orders/no-uuid", None, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("POST", "/orders", {}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("PUT", "/cart/items/999999", {"quantity": 1}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("PUT", "/cart/items/1", {"quantity": 0}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("POST", "/cart/quote", POST, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("POST", "/customers", ADA, HTTPStatus.CONFLICT),
    ],
)
def test_what_cannot_be_done_has_the_status_of_its_error(
    client: TestClient, method: str, path: str, body: dict[str, Any] | None, status: HTTPStatus
) -> None:
    """Each refusal is a problem with the status that the table gives its error."""
    headers = register(client)

    answer = client.request(method, path, json=body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_broken_database_is_no_strangers_business(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not in the table is 500 without a word; what may be sent again says so."""

    def fail(error: errors.LumiaError) -> None:
        def run(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(Shop, "run", run)

    fail(errors.DatabaseError("disk I/O error in /srv/shop.db"))
    broken = client.get("/products/mug")
    fail(errors.CommitOutcomeUnknown("lost during COMMIT"))
    unknown = client.get("/products/mug")

    assert broken.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "srv" not in broken.text
    assert unknown.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert unknown.headers["Retry-After"] == "1"


def test_every_refusal_of_the_shop_has_a_status() -> None:
    """An error that the shop's rules raise is never a 500: a new one needs a line in the table."""
    refusals = set(errors.DomainError.__subclasses__()) | {errors.InvalidValue, errors.AlreadyExists}

    missing = {error.__name__ for error in refusals if error not in STATUS}

    assert missing == set()
