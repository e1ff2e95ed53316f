"""Database URLs: what they mean, and one line without secrets for those that mean nothing."""

from __future__ import annotations

import pytest

from lumia.engine import PoolOptions, PostgresqlUrl, SqliteUrl, open_engine, parse_url
from lumia.errors import ConfigurationError, InvalidUrl

TELLTALE = "s3cret"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///shop.db", "shop.db"),
        ("sqlite:///data/shop.db", "data/shop.db"),
        ("sqlite:////var/lib/shop.db", "/var/lib/shop.db"),
        ("sqlite:///:memory:", None),
        ("sqlite:///my shop%20é.db", "my shop%20é.db"),
    ],
)
def test_sqlite_urls_name_a_file(url: str, path: str | None) -> None:
    """Three slashes before a relative path, four before an absolute one; the rest is the path as it is."""
    parsed = parse_url(url)

    assert parsed == SqliteUrl(path)
    assert str(parsed) == url


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_urls_say_where_they_lead_without_secrets(scheme: str) -> None:
    """The URL is shown in errors and by commands."""
    parsed = parse_url(f"{scheme}://ada:{TELLTALE}@db.example:5433/shop?application_name=x")

    assert isinstance(parsed, PostgresqlUrl)
    assert str(parsed) == "postgresql://db.example:5433/shop"
    assert TELLTALE not in repr(parsed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.db",
        "/var/lib/shop.db",
        f"mysql://ada:{TELLTALE}@host/db",
        f"oracle+x://ada:{TELLTALE}@host/db",
        f"{TELLTALE} {TELLTALE}://host",
        f"sqlite://{TELLTALE}",
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        f"sqlite:///shop.db?password={TELLTALE}",
        f"postgresql://ada:{TELLTALE}@host:notaport:x/db?nonsense=1",
        f"postgresql://host/db?{TELLTALE}=1",
        f"postgresql://ada:{TELLTALE}%zz@host/db",
    ],
)
def test_other_urls_are_refused_in_one_line_that_helps(url: str) -> None:
    """A typing mistake must not end in a driver's traceback, or print a password."""
    with pytest.raises(InvalidUrl) as refused:
        parse_url(url)

    message = str(refused.value)
    assert "\n" not in message
    assert TELLTALE not in message
    assert "sqlite" in message.lower() or "postgresql://" in message


def test_a_schema_is_postgresqls() -> None:
    """On SQLite each shop is a file."""
    with pytest.raises(ConfigurationError, match="PostgreSQL"):
        open_engine("sqlite:///shop.db", schema="shop_1")


@pytest.mark.parametrize("schema", ["", "Shop", "shop-1", "1shop", "x" * 64, 'a"b', "a; drop schema b", "pg temp"])
def test_a_schemas_name_is_plain(schema: str) -> None:
    """It goes into the search path and must mean itself there."""
    with pytest.raises(ConfigurationError, match="lower-case"):
        open_engine("postgresql:///x", schema=schema)


@pytest.mark.parametrize(
    "options",
    [
        {"size": 0},
        {"size": 1001},
        {"timeout": -1.0},
        {"connect_timeout": 0.5},
        {"synchronous": "OFF"},
    ],
)
def test_options_outside_their_ranges_are_refused(options: dict[str, object]) -> None:
    """A pool of no connections would wait for ever."""
    with pytest.raises(ConfigurationError, match="pool option"):
        PoolOptions(**options)  # type: ignore[arg-type]
