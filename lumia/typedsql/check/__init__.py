"""The check of query files: both live engines, the prover, and a probe that tries to refute what was proven."""

from __future__ import annotations

from lumia.typedsql.check.run import CheckReport, Finding, Fixture, check_queries

__all__ = ["CheckReport", "Finding", "Fixture", "check_queries"]
