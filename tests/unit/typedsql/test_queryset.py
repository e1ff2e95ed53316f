"""Bound queries: how they are called, what they give, whom they borrow a session from, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from lumia.errors import InvalidValue, TypedSqlError
from lumia.typedsql import SQLITE, QuerySet, UnknownQueryError
from tests.support.sample_dtos import Label
from tests.support.typed_ground import Ground
from tests.support.typed_sessions import Lender

FILE = """\
-- name: add_label(label)!
-- Adds one.
-- @param label: text
-- @returns: int
INSERT INTO labels (label)
VALUES (:label);

-- name: add_labels(label)*!
-- Adds many.
-- @param label: text
-- @returns: int
INSERT INTO labels (label)
VALUES (:label);

-- name: add_labels_quietly(label)*!
-- Adds many and does not count.
-- @param label: text
-- @returns: none
INSERT INTO labels (label)
VALUES (:label);

-- name: count_labels()$
-- How many there are.
-- @returns: int
SELECT count(*) FROM labels;

-- name: drop_label(label)!
-- Removes one and does not count.
-- @param label: text
-- @returns: none
DELETE FROM labels
WHERE label = :label;

-- name: find_label(label)$
-- The label itself; promises one.
-- @param label: text
-- @returns: text
SELECT label FROM labels
WHERE label = :label;

-- name: find_label_or_none(label)$
-- The label itself, if there is one.
-- @param label: text
-- @returns: text?
SELECT label FROM labels
WHERE label = :label;

-- name: first_label()^
-- The first label.
-- @returns: Label
SELECT label
FROM labels
ORDER BY label;

-- name: list_labels(least, size)
-- Labels from one on; a parameter is called as the batch size of a stream.
-- @param least: text
-- @param size: int
-- @returns: Label
SELECT label
FROM labels
WHERE label >= :least
ORDER BY label
LIMIT :size;

-- name: list_texts(least)
-- Labels as plain texts.
-- @param least: text
-- @returns: text
SELECT label
FROM labels
WHERE label >= :least
ORDER BY label;
"""


@dataclass
class Stage:
    """The queries bound to a session with a table of labels."""

    queries: QuerySet
    lender: Lender
    bound: Any

    @property
    def labels(self) -> Any:
        """The one namespace."""
        return self.bound.labels


@pytest.fixture
def stage(ground: Ground) -> Stage:
    """A stage on each engine."""
    ground.run("CREATE TABLE labels (label text NOT NULL UNIQUE)")
    queries = ground.load(labels=FILE)
    lender = Lender(ground.session)
    return Stage(queries, lender, queries.bind(lender))


def test_each_mark_gives_its_type(stage: Stage) -> None:
    """A count for !, many for *!, one DTO for ^, a list for no mark, a value for $."""
    assert stage.labels.add_label(label="a") == 1
    assert stage.labels.add_labels([{"label": "b"}, {"label": "c"}]) == 2
    assert stage.labels.add_labels.many(iter([{"label": "d"}])) == 1
    assert stage.labels.add_labels_quietly([{"label": "e"}]) is None
    assert stage.labels.drop_label(label="d") is None
    assert stage.labels.first_label() == Label(label="a")
    assert stage.labels.list_labels(least="b", size=2) == [Label(label="b"), Label(label="c")]
    assert stage.labels.list_texts(least="c") == ["c", "e"]
    assert stage.labels.count_labels() == 4
    assert stage.labels.find_label(label="a") == "a"
    assert stage.labels.find_label_or_none(label="x") is None


def test_a_promised_value_that_is_missing_is_an_error(stage: Stage) -> None:
    """`$` with a type that is not optional says so when there is no row."""
    with pytest.raises(TypedSqlError, match=r"labels\.find_label gave no row: .* annotated text\?"):
        stage.labels.find_label(label="x")


def test_a_session_is_borrowed_for_each_call_and_given_back(stage: Stage) -> None:
    """Reads borrow a session for reading, writes one for writing; every one goes back."""
    stage.labels.count_labels()
    stage.labels.add_label(label="a")
    stage.labels.list_texts(least="a")
    stage.labels.add_labels([{"label": "b"}])

    assert stage.lender.acquired == [False, True, False, True]
    assert stage.lender.failures == [False] * 4


def test_a_failed_call_gives_the_session_back_as_failed(stage: Stage) -> None:
    """The source learns that the statement failed, and the error goes on unchanged."""
    stage.labels.add_label(label="a")

    calls: list[Callable[[], object]] = [
        lambda: stage.labels.add_label(label="a"),
        lambda: stage.labels.add_labels([{"label": "a"}]),
    ]
    for call in calls:
        with pytest.raises(Exception, match=r"(?i)unique"):
            call()

    assert stage.lender.failures == [False, True, True]


def test_a_wrong_argument_borrows_nothing(stage: Stage) -> None:
    """Arguments are checked before a session is taken, so a wrong call poisons no transaction."""
    wrong: list[dict[str, Any]] = [{}, {"label": 1}, {"lable": "a"}, {"label": "a", "more": 1}]
    for arguments in wrong:
        with pytest.raises(TypedSqlError):
            stage.labels.add_label(**arguments)
    with pytest.raises(InvalidValue):
        stage.labels.add_label(label="\0")

    assert stage.lender.acquired == []


def test_positional_arguments_are_refused(stage: Stage) -> None:
    """Order is for the file, names are for callers."""
    with pytest.raises(TypedSqlError, match=r"labels\.add_label takes keyword arguments only: label"):
        stage.labels.add_label("a")
    with pytest.raises(TypedSqlError, match=r"labels\.add_label takes keyword arguments only: label"):
        stage.labels.add_label("b", label="a")
    with pytest.raises(TypedSqlError, match=r"labels\.count_labels takes keyword arguments only: no arguments"):
        stage.labels.count_labels("a")


def test_missing_arguments_are_named(stage: Stage) -> None:
    """The message lists what is missing and what the query takes."""
    with pytest.raises(TypedSqlError, match=r"labels\.list_labels misses least, size; it takes: least, size"):
        stage.labels.list_labels()


def test_many_checks_every_row_before_the_first_is_sent(stage: Stage) -> None:
    """A wrong row in the middle leaves nothing behind."""
    with pytest.raises(TypedSqlError, match=r"labels\.add_labels: parameter label expects text"):
        stage.labels.add_labels([{"label": "a"}, {"label": 1}])
    with pytest.raises(TypedSqlError, match="takes an iterable of mappings"):
        stage.labels.add_labels(["a"])

    assert stage.labels.count_labels() == 0


def test_stream_yields_the_rows_one_by_one(stage: Stage) -> None:
    """Batches are read as they are needed, and the session goes back at the end."""
    stage.labels.add_labels([{"label": letter} for letter in "abcde"])

    found = list(stage.labels.list_texts.stream(size=2, least="b"))

    assert found == ["b", "c", "d", "e"]
    assert stage.lender.failures == [False, False]


def test_a_stream_that_is_left_early_gives_the_session_back(stage: Stage) -> None:
    """Closing the iterator ends the loan without an error."""
    stage.labels.add_labels([{"label": letter} for letter in "abcde"])
    rows = stage.labels.list_texts.stream(size=2, least="b")

    assert next(rows) == "b"
    rows.close()

    assert stage.lender.failures == [False, False]


def test_a_stream_that_fails_gives_the_session_back_as_failed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source learns of an error in the middle of a stream."""

    def failing(*_args: object, **_more: object) -> Iterator[list[tuple[str]]]:
        yield [("a",)]
        message = "the connection is gone"
        raise RuntimeError(message)

    monkeypatch.setattr(stage.lender.session, "stream", failing)

    with pytest.raises(RuntimeError, match="gone"):
        list(stage.labels.list_texts.stream(least="a"))

    assert stage.lender.failures == [True]


def test_a_stream_checks_its_arguments_at_once(stage: Stage) -> None:
    """Nobody has to iterate to learn that the call is wrong."""
    with pytest.raises(TypedSqlError, match=r"misses least"):
        stage.labels.list_texts.stream()
    with pytest.raises(TypedSqlError, match="batch size of 1 or more"):
        stage.labels.list_texts.stream(size=0, least="a")
    with pytest.raises(TypedSqlError, match="as no parameter does"):
        stage.labels.list_labels.stream(size=2, least="a")


def test_a_pipeline_gives_each_calls_typed_result(stage: Stage) -> None:
    """Calls of every kind that gives rows run in order on one session."""
    labels = stage.labels
    labels.add_labels([{"label": "a"}, {"label": "b"}])

    found = stage.bound.pipeline(
        [
            labels.drop_label.call(label="a"),
            labels.first_label.call(),
            labels.list_texts.call(least="a"),
            labels.find_label_or_none.call(label="x"),
            labels.count_labels.call(),
        ]
    )

    assert found == (None, Label(label="b"), ["b"], None, 1)
    assert stage.lender.acquired == [True, True]


def test_a_pipeline_of_reads_borrows_a_session_for_reading(stage: Stage) -> None:
    """One writing call is what makes a pipeline write."""
    stage.bound.pipeline([stage.labels.count_labels.call(), stage.labels.first_label.call()])

    assert stage.lender.acquired == [False]


def test_a_pipeline_refuses_counts_and_wrong_arguments_before_it_runs(stage: Stage) -> None:
    """A pipeline cannot tell how many rows were affected, so a call that promises a count is refused."""
    with pytest.raises(TypedSqlError, match=r"labels\.add_label counts affected rows, which a pipeline cannot tell"):
        stage.bound.pipeline([stage.labels.drop_label.call(label="a"), stage.labels.add_label.call(label="b")])
    with pytest.raises(TypedSqlError, match="misses label"):
        stage.labels.drop_label.call()
    with pytest.raises(TypedSqlError, match=r"labels\.find_label gave no row"):
        stage.bound.pipeline([stage.labels.find_label.call(label="x")])

    assert stage.lender.acquired == [False]


def test_a_pipeline_that_fails_gives_the_session_back_as_failed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error goes on, the loan ends."""

    def failing(_statements: object) -> None:
        message = "the connection is gone"
        raise RuntimeError(message)

    monkeypatch.setattr(stage.lender.session, "pipeline", failing)

    with pytest.raises(RuntimeError, match="gone"):
        stage.bound.pipeline([stage.labels.count_labels.call()])

    assert stage.lender.failures == [True]


def test_unknown_names_say_what_there_is(stage: Stage) -> None:
    """A misspelt query or namespace is a typed error that hasattr() understands."""
    with pytest.raises(UnknownQueryError, match=r"there is no query labels\.add_lable on "):
        _ = stage.labels.add_lable
    with pytest.raises(UnknownQueryError, match="there is no namespace lables; there are: labels"):
        _ = stage.bound.lables

    assert not hasattr(stage.labels, "add_lable")
    assert not hasattr(stage.bound, "lables")


def test_what_there_is_can_be_listed(stage: Stage) -> None:
    """The set is a mapping of full names, and bound objects list their members."""
    assert stage.queries.names == list(stage.queries) == sorted(stage.queries)
    assert len(stage.queries) == 10
    assert "pipeline" in dir(stage.bound)
    assert "labels" in dir(stage.bound)
    assert "count_labels" in dir(stage.labels)
    assert stage.queries["labels.add_label"].full_name == "labels.add_label"
    assert stage.labels.count_labels.__doc__ == "How many there are."
    assert stage.labels.list_texts.__doc__ == "Labels as plain texts."
    assert stage.labels.count_labels.query is stage.queries["labels.count_labels"]
    assert stage.labels.list_texts.query is stage.queries["labels.list_texts"]
    with pytest.raises(KeyError):
        _ = stage.queries["labels.none"]


def test_the_server_sees_the_querys_name(stage: Stage) -> None:
    """The name stands in front of the statement as a constant comment, placeholders are the engine's."""
    sql = stage.queries["labels.list_labels"].sql
    expected = ("?1", "?2") if stage.queries.dialect is SQLITE else ("$1::text", "$2::bigint")

    assert sql.startswith("/* labels.list_labels */ SELECT label\nFROM labels\n")
    assert sql.endswith(f"WHERE label >= {expected[0]}\nORDER BY label\nLIMIT {expected[1]}")


def test_two_sources_do_not_see_each_other(stage: Stage) -> None:
    """Queries bound to one unit of work never run on the session of another."""
    other = Lender(stage.lender.session)
    bound: Any = stage.queries.bind(other)

    bound.labels.count_labels()
    bound.labels.list_texts(least="a")

    assert stage.lender.acquired == []
    assert other.acquired == [False, False]
