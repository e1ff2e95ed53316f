"""Bad input through the command line: one line that says what and what to do, a code, and nothing changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lumia.engine import open_engine
from lumia.migrations import Migration, load_migrations
from tests.support.digests import changed_tables, observe
from tests.support.pgserver import PgServer
from tests.unit.cli.conftest import Lumia, Ran

COMMANDS = [
    ["status"],
    ["migrate"],
    ["migrate", "--dry-run"],
    ["init"],
    ["reindex"],
    ["report", "summary"],
    ["import", "order-lines", "lines.csv"],
]
"""One of each kind that takes a database."""

OPENING = [command for command in COMMANDS if command[0] != "init"]
"""Those that expect the database to be there."""

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
GOOD = "536365,85123A,WHITE HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom\n"


def words(command: list[str]) -> str:
    """The command as a test's name."""
    return " ".join(command)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A file of one good order line."""
    path = tmp_path / "lines.csv"
    path.write_text("invoice,sku,quantity,sold_at,unit_price\n1,A,1,2026-01-01 10:00,1.00\n", encoding="utf-8")
    return path


# --- URLs, files, servers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.parametrize("url", ["mysql://root@localhost/shop", "shop.db", "sqlite:shop.db", "sqlite:///", ""])
@pytest.mark.usefixtures("lines")
def test_an_unknown_url_is_refused_and_the_known_ones_are_named(lumia: Lumia, command: list[str], url: str) -> None:
    """Whoever mistypes a URL gets the form of a good one."""
    ran = lumia(*command, "--url", url)

    assert "sqlite:///" in ran.refusal() or "slashes" in ran.err
    assert ran.code == 2
    assert not list(Path().glob("*.db"))


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_password_in_a_url_is_never_repeated(lumia: Lumia, command: list[str]) -> None:
    """Errors end in logs and tickets."""
    ran = lumia(*command, "--url", "postgresql://me:s3cret@127.0.0.1:1/shop?connect_timeout=2")

    assert "s3cret" not in ran.refusal()
    assert ran.code == 4


@pytest.mark.parametrize("command", OPENING, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_missing_database_file_is_not_made_by_accident(lumia: Lumia, command: list[str]) -> None:
    """A typing error in a path must not leave an empty shop behind."""
    ran = lumia(*command, "--url", "sqlite:///missing.db")

    assert "missing.db does not exist" in ran.refusal()
    assert "lumia init" in ran.err
    assert ran.code == 2
    assert not Path("missing.db").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_directory_is_no_database(lumia: Lumia, command: list[str]) -> None:
    """A folder is named as what it is."""
    Path("folder").mkdir()

    ran = lumia(*command, "--url", "sqlite:///folder")

    assert "folder is a directory" in ran.refusal()
    assert ran.code == 2
    assert list(Path("folder").iterdir()) == []


@pytest.fixture(params=["foreign", "text", "empty"])
def stranger(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file that is no shop: another program's database, a text, nothing at all."""
    path = tmp_path / "stranger.db"
    if request.param == "foreign":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE notes (body TEXT)")
            connection.execute("INSERT INTO notes VALUES ('mine')")
            connection.commit()
    else:
        path.write_bytes(
            b"just a text, long enough to be taken for a header\n" * 20 if request.param == "text" else b""
        )
    return path


@pytest.mark.parametrize("command", OPENING, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_file_that_is_no_shop_is_refused_and_left_as_it_is(lumia: Lumia, command: list[str], stranger: Path) -> None:
    """Another program's data is never touched; of an empty file it may be asked what `init` would do to it."""
    before = stranger.read_bytes()

    ran = lumia(*command, "--url", f"sqlite:///{stranger}")

    assert stranger.read_bytes() == before
    if not before and (command == ["status"] or "--dry-run" in command):
        assert "lumia init" in ran.out
    else:
        assert "stranger.db" in ran.refusal()
        assert ran.code == 2


def test_init_does_not_take_another_programs_file(lumia: Lumia, stranger: Path) -> None:
    """`init` makes a shop of a missing or empty file only."""
    before = stranger.read_bytes()

    ran = lumia("init", "--url", f"sqlite:///{stranger}")

    if before:
        assert "stranger.db" in ran.refusal()
        assert stranger.read_bytes() == before
    else:
        assert ran.code == 0, ran.err


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_database_of_a_newer_lumia_is_refused(lumia: Lumia, command: list[str], url: str) -> None:
    """Old code does not know what new columns mean, so it keeps its hands off."""
    pretend_newer(url)
    with unchanged(url):
        ran = lumia(*command, "--url", url)

    assert "install a newer Lumia" in ran.refusal()
    assert ran.code == 2


def pretend_newer(url: str) -> None:
    """Record a step that this code does not have."""
    engine = open_engine(url)
    try:
        newest = load_migrations(engine.name)[-1].version
        step = Migration(newest + 1, "of_the_future", "x.sql", "0" * 64, "")
        with engine.migrations().open(create=False) as work, work.exclusive(rebuild=False):
            work.record(step, datetime(2026, 1, 1, tzinfo=UTC))
    finally:
        engine.close()


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.usefixtures("lines")
def test_an_unreachable_server_is_named_with_what_to_look_at(lumia: Lumia, command: list[str]) -> None:
    """Nobody listens on port 1 of this machine."""
    ran = lumia(*command, "--url", "postgresql://127.0.0.1:1/shop?connect_timeout=2")

    assert "127.0.0.1:1" in ran.refusal()
    assert "running" in ran.err
    assert ran.code == 4


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_wrong_password_is_told_as_such(lumia: Lumia, command: list[str], pg_server: PgServer) -> None:
    """A refused role is another thing to mend than a server that is down."""
    url = pg_server.own().tcp_url(password="wr0ng")  # noqa: S106 - wrong on purpose

    ran = lumia(*command, "--url", url)

    assert "password" in ran.refusal()
    assert "wr0ng" not in ran.err
    assert ran.code == 4


@pytest.mark.parametrize("command", OPENING, ids=words)
@pytest.mark.usefixtures("lines")
def test_a_missing_database_on_a_server_is_told_as_such(lumia: Lumia, command: list[str], pg_server: PgServer) -> None:
    """The server is there, the database is not: another thing to mend again."""
    ran = lumia(*command, "--url", pg_server.url("no_such_database"))

    assert "does not exist" in ran.refusal()
    assert ran.code == 2


# --- order lines ------------------------------------------------------------------------------------------------------


class unchanged:  # noqa: N801 - reads like a word in `with unchanged(url)`
    """Proves that a block changed no table of a database."""

    def __init__(self, url: str) -> None:
        """Look at the database of a URL."""
        self._url = url

    def __enter__(self) -> None:
        """Note what it holds."""
        with observe(self._url) as observer:
            self._before = observer.digest()

    def __exit__(self, *error: object) -> None:
        """Compare."""
        if error[0] is None:
            with observe(self._url) as observer:
                assert changed_tables(self._before, observer.digest()) == []


def refused_import(lumia: Lumia, url: str, content: bytes, *options: str) -> Ran:
    """Import a file that must be refused; nothing may be changed and no file of rejects left."""
    Path("bad.csv").write_bytes(content)
    with unchanged(url):
        ran = lumia(
            *("import", "order-lines", "bad.csv", "--preset", "online-retail", "--rejects", "rejects.csv"),
            *("--url", url, *options),
        )
    assert sorted(path.name for path in Path().glob("*.csv")) == ["bad.csv"]
    assert list(Path().glob(".*")) == []
    return ran


BAD_FILES = {
    "without a needed column": (
        HEADER.replace("Quantity,", "") + GOOD.replace(",6,", ","),
        "line 1: the header has no column Quantity",
    ),
    "with a line that is too short": (HEADER + GOOD + "536366,85123A,X,1\n", "line 3: "),
    "with a line that is too long": (HEADER + GOOD + GOOD.strip() + ",more\n", "line 3: "),
    "with a NUL": (HEADER + GOOD + GOOD.replace("WHITE", "WHI\0TE"), "NUL"),
    "with a field of 10 MiB": (HEADER + GOOD + GOOD.replace("WHITE", "W" * 10 * 2**20), "line 3: "),
    "with an open quote before 10 MiB": (HEADER + GOOD + '536366,"' + GOOD * 150_000, "line 3: "),
    "with the 30th of February": (HEADER + GOOD + GOOD.replace("12/1/2010", "2/30/2010"), "InvoiceDate"),
    "with an hour of 25": (HEADER + GOOD + GOOD.replace("8:26", "25:26"), "InvoiceDate"),
    "with a price of 19 digits": (HEADER + GOOD + GOOD.replace("2.55", "1234567890123456789"), "UnitPrice"),
    "with a price that is no number": (HEADER + GOOD + GOOD.replace("2.55", "NaN"), "UnitPrice"),
    "with a price of five decimals": (HEADER + GOOD + GOOD.replace("2.55", "2.55555"), "UnitPrice"),
    "with half a thing": (HEADER + GOOD + GOOD.replace(",6,", ",0.5,"), "Quantity"),
    "with more things than there are": (HEADER + GOOD + GOOD.replace(",6,", ",99999999999999999999,"), "Quantity"),
    "of no bytes": ("", "empty"),
}


@pytest.mark.parametrize(("content", "says"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_as_a_whole(lumia: Lumia, url: str, content: str, says: str) -> None:
    """Half an import is worse than none: the line is named, and the good lines before it are not kept."""
    ran = refused_import(lumia, url, content.encode())

    assert says in ran.refusal()
    assert len(ran.err) < 400
    assert ran.code == 8


def test_bytes_that_are_no_utf8_name_the_option(lumia: Lumia, url: str) -> None:
    """A latin-1 file is common, and one option away from being read."""
    ran = refused_import(lumia, url, (HEADER + GOOD.replace("WHITE", "£")).encode("latin-1"))

    assert "latin-1" in ran.refusal()
    assert ran.code == 8


def test_a_damaged_gzip_file_is_refused(lumia: Lumia, url: str) -> None:
    """A download that broke off looks like a gzip file and is none."""
    ran = refused_import(lumia, url, b"\x1f\x8b\x08\x00 broken")

    assert "gzip" in ran.refusal()
    assert ran.code == 8


@pytest.mark.parametrize(
    ("path", "says"), [("missing.csv", "no such file"), ("folder", "directory")], ids=["missing", "a directory"]
)
def test_a_path_without_a_file_is_refused(lumia: Lumia, url: str, path: str, says: str) -> None:
    """The path is repeated, for it is what was mistyped."""
    Path("folder").mkdir()

    with unchanged(url):
        ran = lumia("import", "order-lines", path, "--url", url)

    assert path in ran.refusal()
    assert says in ran.err.lower()
    assert ran.code == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--preset", "nonsense"], "online-retail"),
        (["--map", "nonsense"], "COLUMN=FIELD"),
        (["--map", "a=nonsense"], "the fields are"),
        (["--map", "a=sku", "--map", "b=sku"], "sku"),
        (["--map", "a=sku", "--map", "a=name"], "twice"),
        (["--encoding", "nonsense"], "latin-1"),
        (["--rejects", "."], "directory"),
        (["--rejects", "no/such/folder.csv"], "rejected lines"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_option_of_the_import_is_refused(
    lumia: Lumia, url: str, lines: Path, options: list[str], says: str
) -> None:
    """What would be possible instead is said."""
    with unchanged(url):
        ran = lumia("import", "order-lines", lines, *options, "--url", url)

    assert says in ran.refusal()
    assert ran.code == 2


# --- reports ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "sales-by-month"),
        (["top-products", "--limit", "0"], "limit"),
        (["top-products", "--limit", "-1"], "limit"),
        (["summary", "--rows", "nonsense"], "sales_customer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_argument_of_a_report_is_refused(lumia: Lumia, url: str, arguments: list[str], says: str) -> None:
    """What would be possible instead is said."""
    ran = lumia("report", *arguments, "--url", url)

    assert says in ran.refusal()
    assert ran.code == 2
