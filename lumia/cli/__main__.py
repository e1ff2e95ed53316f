"""Lets `python -m lumia.cli` be the same as `lumia`."""

from __future__ import annotations

import sys

from lumia.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
