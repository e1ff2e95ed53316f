"""Turns lines into order items: each distinct text is read and encoded once, each line is a look-up and a tuple."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final

from lumia.dto.imports import RejectReason
from lumia.engine.load import Loader
from lumia.errors import ImportRefused
from lumia.importing.drafts import AmountDraft, BuyerDraft, Ids, NameDraft, OrderDraft, VariantDraft
from lumia.importing.presets import FIELDS, Preset
from lumia.importing.source import BATCH_ROWS, Batch, LineSource, refusal
from lumia.importing.values import MAX_UNITS, FieldError, read_moment, read_price, read_quantity, read_reference

__all__ = ["CONSTANTS", "ITEM_COLUMNS", "OrderLines", "selector"]

ITEM_COLUMNS: Final = (
    *("order_id", "customer_id", "position", "variant_id", "product_id", "sku", "name"),
    *("unit_price", "quantity", "shipped_quantity", "amount", "line_total", "sold_at"),
)
"""The columns of `order_items` that the parts of a line cover, in their order."""

CATEGORY: Final = "Imported"

CONSTANTS: Final[Mapping[str, int | str]] = {
    "category_name": CATEGORY,
    "discount": 0,
    "tax_rate": 0,
    "tax_reason": "imported",
    "tax": 0,
    "tax_included": 0,
    "cancelled_quantity": 0,
    "returned_quantity": 0,
}
"""What is the same for every imported line: a source tells no discount and no tax."""

_ORDER: Final = ("int", "int")
_NAME: Final = ("int", "int", "text", "text")
_AMOUNT: Final = ("money", "int", "int", "money", "money")
_LONGEST: Final = {"invoice": 100, "sku": 64, "name": 200, "customer": 100, "country": 100}
_REMEMBERED: Final = 200_000
_LONGEST_PLAIN: Final = 39

Reject = Callable[[int, RejectReason, Sequence[str]], None]


class OrderLines:
    """Reads a source's lines into the parts of order items, and keeps what they add up to.

    Attributes:
        variants: by stock code, byte for byte; those that the shop has already and those that are new.
        buyers: by the source's customer number; guests are in `guests`.
        orders: by invoice number.
        rows: lines read.
        sold: lines that are sales.
        reasons: lines that are none, by reason.
    """

    def __init__(
        self,
        source: LineSource,
        preset: Preset,
        columns: Mapping[str, str],
        loader: Loader,
        reject: Reject,
    ) -> None:
        """Prepare to read.

        Args:
            source: the open file.
            preset: its rules.
            columns: its column for each field.
            loader: encodes for the engine, and draws keys.
            reject: told of each line that is no sale: its line number, the reason, the fields as read.

        Raises:
            ImportRefused: the header lacks a column, or has one twice.
        """
        self._select = selector(source.header, preset, columns)
        self._columns = columns
        self._batches = source.batches()
        self._preset = preset
        self._loader = loader
        self._reject = reject
        self.variants: dict[str, VariantDraft] = {}
        self.buyers: dict[str, BuyerDraft] = {}
        self.guests: list[BuyerDraft] = []
        self.orders: dict[str, OrderDraft] = {}
        self.known_invoices: frozenset[str] = frozenset()
        self.rows = 0
        self.sold = 0
        self.reasons: Counter[RejectReason] = Counter()
        self.at_end = False
        self._amounts: dict[tuple[str, str], AmountDraft] = {}
        self._names: dict[tuple[str, str], NameDraft] = {}
        self._moments: dict[str, tuple[str, Any]] = {}
        self._places: list[Any] = []
        self.order_ids = self._ids("orders", "order_id")
        self.customer_ids = self._ids("customers", "customer_id")
        self.variant_ids = self._ids("product_variants", "variant_id")
        self.product_ids = self._ids("products", "product_id")

    def _ids(self, table: str, key: str) -> Ids:
        return Ids(lambda count: self._loader.reserve(table, key, count))

    def draw_ids(self) -> None:
        """Draw keys ahead for at least one batch; between two calls of `items` only."""
        for ids in self._all_ids():
            ids.draw(BATCH_ROWS)

    def _all_ids(self) -> tuple[Ids, ...]:
        return self.order_ids, self.customer_ids, self.variant_ids, self.product_ids

    def items(self) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows of order items in batches, until the file or the drawn keys end; `at_end` tells which.

        Raises:
            ImportRefused: a line cannot be read as an order line.
        """
        ids = self._all_ids()
        while all(some.has(BATCH_ROWS) for some in ids):
            batch = next(self._batches, None)
            if batch is None:
                self.at_end = True
                return
            yield self._read(batch)

    def _read(self, batch: Batch) -> list[tuple[Any, ...]]:  # noqa: C901, PLR0915 - one loop, and a call would cost
        # Half a million rows go through this loop: names are local, and an order's sums are written when it is left.
        amounts, moments, names, places = self._amounts, self._moments, self._names, self._places
        read: list[tuple[Any, ...]] = []
        add = read.append
        order = OrderDraft("", "", "", None)
        last_invoice: str | None = None
        last_sold_at: str | None = None
        last_customer = last_country = moment = ""
        moment_part: Any = None
        place = units = 0
        is_new_moment = True
        rows: Iterable[Sequence[str]] = batch.rows if self._select is None else map(self._select, batch.rows)
        for line, fields in zip(batch.lines, rows, strict=True):
            invoice, sku, name, quantity, sold_at, price, customer, country = fields
            if invoice != last_invoice or customer != last_customer or country != last_country:
                order.lines, order.units = place, units
                order = self._order(line, invoice, customer, country)
                place, units = order.lines, order.units
                last_invoice, last_customer, last_country = invoice, customer, country
                is_new_moment = True
            try:
                amount = amounts[price, quantity]
            except KeyError:
                amount = self._new_amount(line, price, quantity)
            if sold_at != last_sold_at:
                last_sold_at = sold_at
                is_new_moment = True
                try:
                    moment, moment_part = moments[sold_at]
                except KeyError:
                    moment, moment_part = self._new_moment(line, sold_at)
            reason = order.reason or amount.reason
            if reason is not None:
                self.reasons[reason] += 1
                self._reject(line, reason, fields)
                continue
            try:
                draft = names[sku, name]
            except KeyError:
                draft = self._new_name(line, sku, name)
            draft.lines += 1
            draft.last_line = line
            draft.price = amount.price
            if is_new_moment:
                is_new_moment = False
                if order.part is None:
                    self._open_order(order, moment)
                order.first = min(order.first, moment)
            try:
                place_part = places[place]
            except IndexError:
                place_part = self._new_place()
            place += 1
            units += amount.units
            add((order.part, place_part, draft.part, amount.part, moment_part))
        order.lines, order.units = place, units
        self.rows += len(batch.rows)
        self.sold += len(read)
        return read

    # --- what was not seen before -------------------------------------------------------------------------------------

    def _new_amount(self, line: int, price: str, quantity: str) -> AmountDraft:
        units = self._checked(line, "unit_price", read_price, price)
        count = self._checked(line, "quantity", read_quantity, quantity)
        if count < 0:
            reason = RejectReason.STOCK_ADJUSTMENT
        elif count == 0:
            reason = RejectReason.ZERO_QUANTITY
        elif units < 0:
            reason = RejectReason.NEGATIVE_PRICE
        elif units == 0:
            reason = RejectReason.ZERO_PRICE
        else:
            reason = None
        total = units * count
        if abs(total) > MAX_UNITS:
            raise refusal(line, "price times quantity is beyond 99,999,999,999.9999; fix the line")
        part = None if reason else self._loader.part(_AMOUNT, (units, count, count, total, total))
        draft = AmountDraft(units, total, part, reason)
        if len(self._amounts) > _REMEMBERED:
            self._amounts.clear()
        self._amounts[price, quantity] = draft
        return draft

    def _new_moment(self, line: int, text: str) -> tuple[str, Any]:
        moment = self._checked(line, "sold_at", read_moment, text)
        if len(self._moments) > _REMEMBERED:
            self._moments.clear()
        found = self._moments[text] = moment, self._loader.part(("text",), (moment,))
        return found

    def _order(self, line: int, invoice: str, customer: str, country: str) -> OrderDraft:
        order = self.orders.get(invoice)
        if order is None:
            self._checked_length(line, "invoice", invoice, least=1)
            self._checked_length(line, "customer", customer)
            self._checked_length(line, "country", country)
            known = invoice in self.known_invoices
            reason = RejectReason.ALREADY_IMPORTED if known else self._preset.invoice_reason(invoice)
            order = self.orders[invoice] = OrderDraft(invoice, customer, country, reason)
        elif order.reason is None and (order.customer != customer or order.country != country):
            raise refusal(
                line, "the invoice has another customer or country in a line before; an order has one of each"
            )
        return order

    def _open_order(self, order: OrderDraft, moment: str) -> None:
        reference = read_reference(order.customer)
        buyer = self.buyers.get(reference) if reference else None
        if buyer is None:
            email = _email("customer", reference) if reference else _email("invoice", order.invoice)
            buyer = BuyerDraft(self.customer_ids.take(), reference or None, email, is_new=True)
            if reference:
                self.buyers[reference] = buyer
            else:
                self.guests.append(buyer)
        buyer.addresses.setdefault(order.country, None)
        order.buyer = buyer
        order.order_id = self.order_ids.take()
        order.part = self._loader.part(_ORDER, (order.order_id, buyer.customer_id))
        order.first = moment

    def _new_name(self, line: int, sku: str, name: str) -> NameDraft:
        variant = self.variants.get(sku)
        if variant is None:
            self._checked_length(line, "sku", sku, least=1)
            variant = VariantDraft(sku, self.variant_ids.take(), self.product_ids.take(), is_new=True)
            self.variants[sku] = variant
        self._checked_length(line, "name", name)
        part = self._loader.part(_NAME, (variant.variant_id, variant.product_id, sku, name))
        draft = self._names[sku, name] = NameDraft(name, part)
        variant.names.append(draft)
        return draft

    def _new_place(self) -> Any:
        part = self._loader.part(("int",), (len(self._places) + 1,))
        self._places.append(part)
        return part

    def _checked(self, line: int, field: str, read: Callable[[str], Any], text: str) -> Any:
        try:
            return read(text)
        except FieldError as error:
            raise refusal(line, f"column {self._columns[field]}: {error}; fix the line") from None

    def _checked_length(self, line: int, field: str, text: str, *, least: int = 0) -> None:
        most = _LONGEST[field]
        if not least <= len(text) <= most:
            raise refusal(line, f"column {self._columns[field]}: needs {least} to {most} characters; fix the line")


def selector(
    header: Sequence[str], preset: Preset, columns: Mapping[str, str]
) -> Callable[[list[str]], Sequence[str]] | None:
    """Give the function that puts a row's fields into the importer's order; None where they stand in it already.

    Raises:
        ImportRefused: a needed column is missing, or the header has one twice.
    """
    missing = [columns[field] for field in FIELDS if columns[field] not in header and field not in preset.optional]
    if missing:
        message = (
            f"line 1: the header has no column {', '.join(missing)}; "
            "choose the file's preset, or map its columns to the fields; nothing was imported"
        )
        raise ImportRefused(message)
    twice = [columns[field] for field in FIELDS if header.count(columns[field]) > 1]
    if twice:
        raise refusal(1, f"the header has the column {twice[0]} twice; rename one of them")
    places = [header.index(columns[field]) if columns[field] in header else len(header) for field in FIELDS]
    if places == list(range(len(header))):
        return None
    select: Callable[[list[str]], Sequence[str]] = itemgetter(*places)
    return select if len(header) not in places else lambda row: select([*row, ""])


def _email(kind: str, reference: str) -> str:
    """An address that cannot exist, the same for the same number and different for different ones."""
    plain = reference.isascii() and reference.isalnum() and reference == reference.lower()
    name = reference if plain and len(reference) <= _LONGEST_PLAIN else sha256(reference.encode()).hexdigest()[:40]
    return f"{kind}-{name}@import.invalid"
