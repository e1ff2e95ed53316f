"""The entry point of `lumia`: every expected error ends as one line and an exit code, never as a traceback."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from typing import Final

from lumia.errors import LumiaError

__all__ = ["INTERRUPTED", "USAGE", "complain", "main"]

USAGE: Final = 2
"""The exit code of a command that was called wrongly, as `ConfigurationError` has it."""

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells have it."""

_EXTRA: Final = frozenset({"typer", "rich"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `lumia`; None takes the process's own.

    Returns:
        The exit code: 0, the error's own `exit_code`, `USAGE` or `INTERRUPTED`.
    """
    try:
        from lumia.cli.app import run  # noqa: PLC0415 - the extra may be missing, and then one line says so
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        return complain("the command line needs packages that are not installed: pip install 'lumia[cli]'", USAGE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A product's name, or a bar, that the terminal's encoding lacks is no reason to stop.
            stream.reconfigure(errors="replace")
    return _guarded(lambda: run(arguments))


def _guarded(call: Callable[[], int]) -> int:
    try:
        return call()
    except LumiaError as error:
        return complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        return complain("interrupted; what was not finished was undone", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); the interpreter's last flush must not complain about it.
        sys.stdout = sys.__stdout__ = None  # type: ignore[misc]
        return 1
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        return complain(f"{named}{error.strerror or error}", USAGE)


def complain(message: str, code: int) -> int:
    """Print the message as one line to stderr and return the exit code."""
    line = " ".join(message.split()) or "unknown"
    print(f"error: {line}", file=sys.stderr)  # noqa: T201 - rich may be the very package that is missing
    return code
