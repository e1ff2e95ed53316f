"""A whole import beside the engine's own tool, which loads the same lines into one flat table without constraints.

`python -m benchmarks.import_lines [--rounds N] [--engine sqlite|postgresql] [--file CSV]` prints, for each engine, the
median and the best times of both, their ratios round by round, and the importing process's peak memory. The tool and
Lumia take turns, each in a process of its own; without a file it is the real shop's year, or a made-up one of its size.
A second table says what the engine alone needs for the same rows once they are ready; see `import_floors`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.import_floors import Floor, postgresql_floor, sqlite_floor
from lumia import connect
from lumia.engine.private_server import PrivateServer, find_binaries
from lumia.importing import import_order_lines
from lumia.importing.synthetic import SYNTHETIC_PRESET, write_shop_year
from tests.support.real_year import FILE, peak_memory

__all__ = ["main"]

_COLUMNS = ("invoice", "stock_code", "description", "quantity", "invoice_date", "unit_price", "customer", "country")
_SQLITE_TYPES = ("TEXT", "TEXT", "TEXT", "INTEGER", "TEXT", "REAL", "TEXT", "TEXT")
_SERVER_TYPES = ("text", "text", "text", "bigint", "timestamp", "numeric", "text", "text")
_MADE_UP_ORDERS = 83_000
_FLOOR_ROUNDS = 3


@dataclass
class Times:
    """Seconds round by round."""

    tool: list[float] = field(default_factory=list)
    lumia: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)
    peak_mib: float = 0.0


def _flat(types: tuple[str, ...]) -> str:
    return f"CREATE TABLE flat ({', '.join(f'{name} {kind}' for name, kind in zip(_COLUMNS, types, strict=True))})"


def _timed(command: list[str], *, text: str | None = None) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 - tools found by us
    took = time.perf_counter() - began
    if done.returncode or done.stderr.strip():
        message = f"{command[0]} failed: {done.stderr.strip()}"
        raise SystemExit(message)
    return took, done.stdout


def _lumia(url: str, file: Path, times: Times) -> None:
    """Import in a process of its own, which measures the import alone and its own memory."""
    took, answer = _timed([sys.executable, "-m", "benchmarks.import_lines", "--child", url, "--file", str(file)])
    found = json.loads(answer)
    times.lumia.append(found["seconds"])
    times.process.append(took)
    times.peak_mib = max(times.peak_mib, found["peak_mib"])


def _child(url: str, file: Path) -> None:
    with connect(url, create=True) as shop:
        began = time.perf_counter()
        summary = import_order_lines(shop, file, preset=SYNTHETIC_PRESET)
        took = time.perf_counter() - began
    json.dump({"seconds": took, "peak_mib": peak_memory(), "rows": summary.rows_read}, sys.stdout)


@dataclass(frozen=True)
class Side:
    """An engine's tool beside Lumia: one round of both, and the floor under the shop that the last round left."""

    run: Callable[[Path, Times], None]
    floor: Callable[[], Floor]


@contextmanager
def _sqlite(folder: Path, *, wal: bool) -> Iterator[Side]:
    tool = shutil.which("sqlite3")
    if tool is None:
        message = "the sqlite3 shell is not installed, so there is nothing to compare SQLite's import with"
        raise SystemExit(message)

    def run(file: Path, times: Times) -> None:
        flat, shop = folder / "flat.db", folder / "shop.db"
        for path in (flat, shop):
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        mode = "PRAGMA journal_mode = WAL;" if wal else ""
        _timed([tool, str(flat), f"{mode} {_flat(_SQLITE_TYPES)}"])
        took, _ = _timed([tool, "-cmd", "PRAGMA synchronous = FULL", str(flat), f".import --csv --skip 1 {file} flat"])
        times.tool.append(took)
        _lumia(f"sqlite:///{shop}", file, times)

    yield Side(run, lambda: sqlite_floor(folder / "shop.db", folder))


@contextmanager
def _postgresql(folder: Path) -> Iterator[Side]:
    server = PrivateServer()
    tool = shutil.which("psql", path=str(find_binaries())) or shutil.which("psql")
    if tool is None:
        message = "psql is not installed, so there is nothing to compare PostgreSQL's import with"
        raise SystemExit(message)
    psql = [tool, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", server.url()]
    try:

        def run(file: Path, times: Times) -> None:
            _timed(psql, text="SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
            _timed([*psql, "--command", _flat(_SERVER_TYPES)])
            took, _ = _timed([*psql, "--command", f"\\copy flat from '{file}' csv header"])
            times.tool.append(took)
            _timed([*psql, "--command", "DROP TABLE flat"])
            _lumia(server.url(), file, times)

        yield Side(run, lambda: postgresql_floor(server.url(), folder))
    finally:
        server.close()


def _prepared(given: Path | None, folder: Path) -> Path:
    """The lines as a plain file, so that both sides read the same bytes."""
    if given is not None and given.suffix != ".gz":
        return given.resolve()
    packed = given or FILE
    plain = folder / "lines.csv"
    if packed.is_file():
        with gzip.open(packed, "rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target)
    else:
        write_shop_year(plain, orders=_MADE_UP_ORDERS)
    return plain


def _shown(name: str, times: Times) -> str:
    ratios = [mine / tool for mine, tool in zip(times.lumia, times.tool, strict=True)]
    figures = (median(times.tool), min(times.tool), median(times.lumia), min(times.lumia), median(times.process))
    shares = (median(ratios), min(times.lumia) / min(times.tool))
    return f"{name:<34}" + "".join(f"{figure:>9.2f}" for figure in (*figures, *shares)) + f"{times.peak_mib:>9.0f}"


def _shown_floor(name: str, floors: list[Floor], times: Times) -> str:
    """What the guards add to a flat table of the same columns, and Lumia's reading to the guarded tables."""
    flat, guarded, mine = min(floor.flat for floor in floors), min(floor.guarded for floor in floors), min(times.lumia)
    figures = (flat, guarded, mine, mine / flat, guarded - flat, mine - guarded)
    return f"{name:<34}" + "".join(f"{figure:>9.2f}" for figure in figures)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each side runs (5)")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), help="only this engine")
    parser.add_argument("--file", type=Path, help="a CSV file in the online-retail form")
    parser.add_argument("--child", metavar="URL", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        _child(arguments.child, arguments.file)
        return
    with ExitStack() as keep:
        folder = Path(keep.enter_context(tempfile.TemporaryDirectory(prefix="lumia-bench-")))
        file = _prepared(arguments.file, folder)
        sides: dict[str, Side] = {}
        if arguments.engine != "postgresql":
            sides["sqlite3 .import, WAL as Lumia's"] = keep.enter_context(_sqlite(folder, wal=True))
            sides["sqlite3 .import, rollback journal"] = keep.enter_context(_sqlite(folder, wal=False))
        if arguments.engine != "sqlite":
            sides["psql \\copy"] = keep.enter_context(_postgresql(folder))
        found = {name: Times() for name in sides}
        for _ in range(arguments.rounds):
            for name, side in sides.items():
                side.run(file, found[name])
        floors: dict[str, list[Floor]] = {name: [] for name in sides if "rollback" not in name}
        for _ in range(min(arguments.rounds, _FLOOR_ROUNDS)):
            for name, measured in floors.items():
                measured.append(sides[name].floor())
    heads = ("tool", "best", "import", "best", "process", "ratio", "best", "MiB")
    print(f"{'seconds for the whole file':<34}" + "".join(f"{head:>9}" for head in heads))  # noqa: T201 - its purpose
    for name, times in found.items():
        print(_shown(name, times))  # noqa: T201 - as above
    parts = ("flat", "guarded", "import", "x flat", "guards", "reading")
    print(f"\n{'best seconds, rows that are ready':<34}" + "".join(f"{head:>9}" for head in parts))  # noqa: T201 - as above
    for name, measured in floors.items():
        print(_shown_floor(name.split()[0], measured, found[name]))  # noqa: T201 - as above


if __name__ == "__main__":
    main()
