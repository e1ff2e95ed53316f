"""The made-up year is the same everywhere and holds the dirt of a real one."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from lumia.importing.presets import PRESETS
from lumia.importing.synthetic import shop_year, write_shop_year


def test_the_same_seed_makes_the_same_file(tmp_path: Path) -> None:
    """Also on another machine and version: the digest is written down here."""
    plain, packed = tmp_path / "year.csv", tmp_path / "year.csv.gz"

    lines = write_shop_year(plain, orders=200)
    write_shop_year(packed, orders=200)

    content = plain.read_bytes()
    assert lines == content.count(b"\n") - 1
    assert gzip.decompress(packed.read_bytes()) == content
    assert hashlib.sha256(content).hexdigest() == DIGEST


def test_another_seed_makes_another_year() -> None:
    """And another year makes other dates."""
    first = list(shop_year(orders=20))

    assert list(shop_year(orders=20, seed=1)) != first
    assert list(shop_year(orders=20, year=2023)) != first
    assert list(shop_year(orders=20)) == first


def test_it_has_what_an_importer_must_cope_with() -> None:
    """A demo on clean data would show little."""
    header, *lines = shop_year()

    columns = dict(zip(PRESETS["online-retail"].columns, zip(*lines, strict=True), strict=True))
    codes = set(columns["sku"])
    assert header == tuple(PRESETS["online-retail"].columns.values())
    assert {invoice[0] for invoice in columns["invoice"]} == {"6", "8", "A", "C"}
    assert "" in columns["customer"]
    assert any(quantity.startswith("-") for quantity in columns["quantity"])
    assert {"0.0", "-120.5"} <= set(columns["unit_price"])
    assert any('"' in name for name in columns["name"])
    assert any("," in name for name in columns["name"])
    assert any("£" in name for name in columns["name"])
    assert len({code.upper() for code in codes}) < len(codes)
    assert len(set(lines)) < len(lines)


DIGEST = "12a2e2af0c8bd4052b33f6eda7fe776ac7f29f634beeb78406559427c448e35e"
