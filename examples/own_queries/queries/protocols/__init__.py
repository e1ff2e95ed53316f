"""The queries of this folder, as types: what `q` is.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, overload

from lumia.typedsql import PreparedCall

from .notes import NotesQueries

__all__ = ["Queries"]

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")


class Queries(Protocol):
    """Every query, by namespace, bound to whoever lends the connection."""

    @property
    def notes(self) -> NotesQueries:
        """The queries of notes.sql."""
        ...

    @overload
    def pipeline(self, calls: tuple[PreparedCall[A],]) -> tuple[A]: ...

    @overload
    def pipeline(self, calls: tuple[PreparedCall[A], PreparedCall[B]]) -> tuple[A, B]: ...

    @overload
    def pipeline(self, calls: tuple[PreparedCall[A], PreparedCall[B], PreparedCall[C]]) -> tuple[A, B, C]: ...

    @overload
    def pipeline(
        self, calls: tuple[PreparedCall[A], PreparedCall[B], PreparedCall[C], PreparedCall[D]]
    ) -> tuple[A, B, C, D]: ...

    @overload
    def pipeline(
        self, calls: tuple[PreparedCall[A], PreparedCall[B], PreparedCall[C], PreparedCall[D], PreparedCall[E]]
    ) -> tuple[A, B, C, D, E]: ...

    @overload
    def pipeline(
        self,
        calls: tuple[
            PreparedCall[A],
            PreparedCall[B],
            PreparedCall[C],
            PreparedCall[D],
            PreparedCall[E],
            PreparedCall[F],
        ],
    ) -> tuple[A, B, C, D, E, F]: ...

    @overload
    def pipeline(
        self,
        calls: tuple[
            PreparedCall[A],
            PreparedCall[B],
            PreparedCall[C],
            PreparedCall[D],
            PreparedCall[E],
            PreparedCall[F],
            PreparedCall[G],
        ],
    ) -> tuple[A, B, C, D, E, F, G]: ...

    @overload
    def pipeline(
        self,
        calls: tuple[
            PreparedCall[A],
            PreparedCall[B],
            PreparedCall[C],
            PreparedCall[D],
            PreparedCall[E],
            PreparedCall[F],
            PreparedCall[G],
            PreparedCall[H],
        ],
    ) -> tuple[A, B, C, D, E, F, G, H]: ...

    @overload
    def pipeline(self, calls: Sequence[PreparedCall[Any]]) -> Sequence[Any]: ...
