"""The proof of the check: each seeded mistake is found in its line, and nothing is said of the right queries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lumia.typedsql.check import Finding
from lumia.typedsql.check.probe import Probed
from tests.support.check_cases import Case, Library, cases_in
from tests.support.pgserver import PgServer

MISTAKES = cases_in("mistakes")
CORRECT = cases_in("correct")

Findings = dict[str, list[Finding]]


def named(case: Case) -> str:
    """The case's name, as the test's."""
    return case.name


@pytest.fixture(scope="module")
def library(pg_server: PgServer, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library on both engines."""
    return Library(tmp_path_factory.mktemp("library"), pg_server.url(pg_server.create_database()))


@pytest.fixture(scope="module")
def mistakes(library: Library) -> Findings:
    """What the check finds in each case with a mistake."""
    return library.findings(MISTAKES)


@pytest.fixture(scope="module")
def correct(library: Library) -> Findings:
    """What the check finds in each right case."""
    return library.findings(CORRECT)


@pytest.mark.parametrize("case", MISTAKES, ids=named)
def test_a_mistake_is_found_in_its_line(case: Case, mistakes: Findings) -> None:
    """Exactly what the case expects is found, with words that say how to mend it."""
    findings = mistakes[case.name]

    assert case.expected, "the case expects nothing: it belongs to the other folder"
    assert case.surprises(findings) == []
    assert all(": " in finding.message for finding in findings), [finding.message for finding in findings]


@pytest.mark.parametrize("case", CORRECT, ids=named)
def test_nothing_is_found_in_a_right_query(case: Case, correct: Findings) -> None:
    """No false alarm."""
    assert [str(finding) for finding in correct[case.name]] == []


def says_nothing(*_arguments: Any, **_named: Any) -> tuple[()]:
    """A rule that is switched off."""
    return ()


def says(value: Any) -> Callable[..., Any]:
    """A rule that always comes to the same end."""
    return lambda *_arguments, **_named: value


@pytest.mark.parametrize(
    ("rule", "off", "name"),
    [
        ("check.run.enum_findings", says_nothing, "label_that_python_lacks"),
        ("check.run.scan_findings", says_nothing, "scan_without_index"),
        ("check.run.scan_findings", says_nothing, "scan_that_is_not_needed"),
        ("check.run.text_findings", says_nothing, "null_left_join"),
        ("check.run.text_findings", says_nothing, "order_not_unique"),
        ("check.run.answer_findings", says_nothing, "answer_rounded_and_cut"),
        ("check.plans._throws_away", says(value=False), "scan_by_a_filter_in_on"),
        ("check.plans._Walk._is_empty", says(value=False), "scan_by_a_range_of_all"),
        ("check.run.probe_queries", lambda *_: Probed(), "note_that_a_probe_refutes"),
        ("check.run.unknown_small_tables", says_nothing, "small_table_unknown"),
        ("check.enums._lists", says_nothing, "label_that_sqlite_lacks"),
        ("check.plans._Walk._reads_all", says(value=False), "index_read_whole_for_a_filter"),
        ("check.postgresql.name_findings", says_nothing, "columns_in_another_order"),
        ("check.postgresql._fits", says(value=True), "sum_is_numeric"),
        ("check.postgresql._fits", says(value=True), "parameter_of_another_type"),
        ("check.postgresql._kin", says("any"), "parameter_with_two_types"),
        ("check.probe.value_words", says(None), "real_on_sqlite"),
        ("check.probe._refuted", says("nothing"), "note_that_a_left_join_refutes"),
        ("check.sqlite.name_findings", says_nothing, "name_wrong_on_sqlite"),
        ("check.sqlite._holds", says(value=True), "type_wrong_on_sqlite"),
    ],
)
def test_without_its_rule_a_mistake_goes_unreported(  # noqa: PLR0917 - three say what is tried
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rule: str, off: Any, name: str
) -> None:
    """Each rule is there for something: switched off, a case misses what it expects."""
    case = next(case for case in MISTAKES if case.name == name)
    case.write(tmp_path)
    monkeypatch.setattr(f"lumia.typedsql.{rule}", off)

    surprises = case.surprises(library.check(tmp_path).findings)

    assert any(words.startswith("not found") for words in surprises)


def test_the_cases_are_many() -> None:
    """Both folders are what the promise rests on; a lost file would go unnoticed."""
    assert len(MISTAKES) >= 45
    assert len(CORRECT) >= 65
