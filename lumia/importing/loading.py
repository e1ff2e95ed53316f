"""Imports a file of order lines: all of it in one transaction, or nothing; the same content only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Final

from lumia.dto.imports import ImportProgress, ImportRecord, ImportSummary
from lumia.engine import UnitOfWork
from lumia.engine.load import Loader, open_loader
from lumia.importing.drafts import BuyerDraft, VariantDraft
from lumia.importing.order_lines import CATEGORY, CONSTANTS, ITEM_COLUMNS, OrderLines
from lumia.importing.parents import ParentWriter, country_of
from lumia.importing.presets import Preset, columns_of, preset_named
from lumia.importing.rejects import RejectsFile
from lumia.importing.source import LineSource, content_digest
from lumia.repos.search_index import index_from
from lumia.shop import Shop

__all__ = ["import_order_lines"]

Progress = Callable[[ImportProgress], None]

_KIND: Final = "order_lines"
_CATEGORY_SLUG: Final = "imported"
_TELL_EVERY: Final = 16
_STREAMED: Final = 5_000


def import_order_lines(
    shop: Shop,
    source: Path | BinaryIO,
    *,
    preset: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Import a CSV file of order lines, plain or gzipped, in one transaction.

    A line becomes an order item with its own price, name and time; an invoice one order, delivered and paid; a stock
    code a variant of a product of its own; a customer number a customer with an address in `.invalid`; an invoice
    without one a guest. Variants with the same SKU and customers with the same number are used again. A line that is
    well-formed and no sale is rejected with a reason. A line that is malformed ends the import: nothing is changed.

    Args:
        shop: where to.
        source: the file, or a binary stream, which stays open.
        preset: the rules of the source, such as `online-retail`; None: columns are named like the fields.
        mapping: from the file's columns to fields, over the preset's own.
        encoding: `utf-8` (with or without byte order mark), `latin-1` or `cp1252`.
        rejects: where to write the rejected lines; it appears only when the import is kept.
        progress: told every few thousand lines how far it is.

    Returns:
        What came of it. The same content a second time changes nothing and says `already_imported`.

    Raises:
        ImportRefused: the file cannot be read as order lines; the message says the line and what to do.
        FileRefused: the file, or the place for the rejects, cannot be opened.
        ConfigurationError: the preset, the mapping or the encoding is unknown.
        DatabaseError: the engine refused; nothing was imported.
    """
    rules = preset_named(preset)
    columns = columns_of(rules, mapping)
    found = _found_before(shop, source)
    if found is not None:
        return _nothing_new(found)
    with LineSource(source, encoding=encoding) as lines, RejectsFile(rejects) as rejected:
        try:
            with UnitOfWork(shop.engine, write=True) as unit:
                with closing(open_loader(unit.acquire(write=True))) as loader:
                    reader = OrderLines(lines, rules, columns, loader, rejected.reject)
                    run = _Run(shop, loader, reader, shop.query_set.bind(unit), rules)
                    summary = run.all(lines, progress)
                rejected.settle()
        except _DoneBefore as done:
            return _nothing_new(done.record)
        rejected.keep()
    return summary


class _DoneBefore(Exception):
    """The content turned out to be in the shop already."""

    def __init__(self, record: ImportRecord) -> None:
        super().__init__()
        self.record = record


def _found_before(shop: Shop, source: Path | BinaryIO) -> ImportRecord | None:
    """Look a file's content up before anything is read for good; a shop without imports need not look."""
    if not isinstance(source, Path) or not shop.q.imports.count_imports(kind=_KIND):
        return None
    digest = content_digest(source)
    found: ImportRecord | None = shop.q.imports.get_import_by_content(kind=_KIND, content_sha256=digest)
    return found


def _nothing_new(record: ImportRecord) -> ImportSummary:
    return ImportSummary(
        import_id=record.import_id,
        preset=record.preset,
        already_imported=True,
        rows_read=record.rows_read,
        rows_imported=record.rows_imported,
        rows_rejected=record.rows_rejected,
        by_reason={},
        orders=0,
        customers=0,
        guests=0,
        variants=0,
    )


class _Run:
    """One import inside its transaction."""

    def __init__(self, shop: Shop, loader: Loader, reader: OrderLines, q: Any, preset: Preset) -> None:
        self._q = q
        self._loader = loader
        self._reader = reader
        self._preset = preset
        self._now = shop.clock()
        self._writer = ParentWriter(loader, shop.uuids, self._now)

    def all(self, lines: LineSource, progress: Progress | None) -> ImportSummary:
        """Read the file into order items, write what they hang on, and have everything checked."""
        reader = self._reader
        # Two imports at once would each recall a shop without the other's invoices, and bring them twice.
        self._loader.alone("imports")
        self._recall()
        self._loader.begin("order_items", "orders")
        told = _Told(lines, reader, progress)
        while not reader.at_end:
            reader.draw_ids()
            self._loader.fill("order_items", ITEM_COLUMNS, told.watching(reader.items()), constants=CONSTANTS)
        told.say(finishing=True)
        summary = self._write_parents(lines.sha256)
        self._loader.finish()
        # A load goes past the repositories, which keep the search's index otherwise.
        index_from(self._q, self._now, (draft.product_id for draft in reader.variants.values() if draft.is_new))
        return summary

    def _recall(self) -> None:
        """What the shop has already; a new shop has nothing, and nothing is asked twice."""
        imports, reader = self._q.imports, self._reader
        for known in imports.list_known_variants.stream(size=_STREAMED):
            reader.variants[known.sku] = VariantDraft(known.sku, known.variant_id, known.product_id, is_new=False)
        buyers: dict[int, BuyerDraft] = {}
        for known in imports.list_known_customers.stream(size=_STREAMED):
            draft = BuyerDraft(known.customer_id, known.external_reference, known.email, is_new=False)
            reader.buyers[known.external_reference] = buyers[known.customer_id] = draft
        for known in imports.list_imported_addresses.stream(size=_STREAMED):
            buyers[known.customer_id].addresses[country_of(known.country_name)] = known.address_id
        invoices = imports.list_imported_invoices.stream(size=_STREAMED, preset=self._preset.name)
        reader.known_invoices = frozenset(invoices)

    def _write_parents(self, digest: bytes) -> ImportSummary:
        imports, reader, writer = self._q.imports, self._reader, self._writer
        done = imports.get_import_by_content(kind=_KIND, content_sha256=digest)
        if done is not None:
            raise _DoneBefore(done)
        orders = [order for order in reader.orders.values() if order.part is not None]
        variants = writer.variants(reader.variants.values(), self._category(), self._preset)
        customers, guests = writer.buyers(reader.buyers.values(), reader.guests)
        writer.addresses((*reader.buyers.values(), *reader.guests))
        import_id = imports.insert_import(
            kind=_KIND,
            preset=self._preset.name,
            content_sha256=digest,
            rows_read=reader.rows,
            rows_imported=reader.sold,
            rows_rejected=reader.rows - reader.sold,
            now=self._now,
        )
        numbers = imports.reserve_order_numbers(amount=len(orders))
        writer.orders(orders, numbers, import_id, self._q.settings.get_settings().currency)
        return ImportSummary(
            import_id=import_id,
            preset=self._preset.name,
            already_imported=False,
            rows_read=reader.rows,
            rows_imported=reader.sold,
            rows_rejected=reader.rows - reader.sold,
            by_reason=dict(sorted(reader.reasons.items())),
            orders=len(orders),
            customers=customers,
            guests=guests,
            variants=variants,
        )

    def _category(self) -> int:
        found: int | None = self._q.imports.get_category_id_by_slug(slug=_CATEGORY_SLUG)
        if found is not None:
            return found
        made = self._q.categories.insert_category(
            parent_id=None, slug=_CATEGORY_SLUG, name=CATEGORY, position=0, now=self._now
        )
        key: int = made.category_id
        return key


class _Told:
    """Tells the caller how far the import is, every few thousand lines."""

    def __init__(self, lines: LineSource, reader: OrderLines, progress: Progress | None) -> None:
        self._lines = lines
        self._reader = reader
        self._progress = progress
        self._batches = 0

    def watching(self, batches: Iterable[list[tuple[Any, ...]]]) -> Iterator[list[tuple[Any, ...]]]:
        """Hand the batches on."""
        for batch in batches:
            yield batch
            self._batches += 1
            if self._batches % _TELL_EVERY == 0:
                self.say(finishing=False)

    def say(self, *, finishing: bool) -> None:
        """Tell now."""
        if self._progress is not None:
            lines = self._lines
            self._progress(
                ImportProgress(
                    rows=self._reader.rows,
                    bytes_read=lines.bytes_read,
                    bytes_total=lines.bytes_total,
                    finishing=finishing,
                )
            )
