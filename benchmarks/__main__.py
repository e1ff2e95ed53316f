"""`python -m benchmarks` prints the ratios."""

from __future__ import annotations

from benchmarks.ratios import main

if __name__ == "__main__":
    main()
