"""The DTO classes and enums that query files may name, and the shape of the rows that a DTO is built from."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType, ModuleType

from pydantic import BaseModel

from lumia.errors import TypedSqlError
from lumia.typedsql.logical import LogicalType, logical_of

__all__ = ["Column", "RowShape", "TypeRegistry", "row_shape"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a row: the DTO field's name and logical type."""

    name: str
    type: LogicalType


@dataclass(frozen=True, slots=True)
class RowShape:
    """The DTO and the columns that a row must have, in the order of the DTO's fields."""

    dto: type[BaseModel]
    columns: tuple[Column, ...]


@lru_cache(maxsize=1024)
def row_shape(dto: type[BaseModel]) -> RowShape:
    """Tell which columns a row must have to become `dto`.

    Raises ValueError, in words, if the DTO cannot be built from a flat row without running its own code: it must be
    frozen, without private attributes, extra fields, a root value or code that runs after validation.
    """
    reason = _unfit(dto)
    if reason is not None:
        message = f"{dto.__name__} cannot be a row: {reason}"
        raise ValueError(message)
    columns: list[Column] = []
    for name, field in dto.model_fields.items():
        try:
            columns.append(Column(name, logical_of(field.annotation, tuple(field.metadata))))
        except ValueError as error:
            message = f"{dto.__name__}.{name}: {error}"
            raise ValueError(message) from None
    return RowShape(dto, tuple(columns))


def _unfit(dto: type[BaseModel]) -> str | None:
    config = dto.model_config
    if not config.get("frozen"):
        return "it must be frozen (model_config = ConfigDict(frozen=True))"
    if config.get("extra") == "allow":
        return "it allows extra fields"
    if dto.__private_attributes__:
        return "it has private attributes"
    if dto.__pydantic_root_model__:
        return "it is a root model"
    if dto.model_post_init is not BaseModel.model_post_init or dto.__init__ is not BaseModel.__init__:
        return "it runs code of its own when it is made (__init__ or model_post_init)"
    if not dto.model_fields:
        return "it has no fields"
    return _unproven(dto)


def _unproven(dto: type[BaseModel]) -> str | None:
    """What the DTO checks that no statement can be proven to keep: a proven row is made without validation."""
    decorators = dto.__pydantic_decorators__
    if (
        decorators.validators
        or decorators.field_validators
        or decorators.root_validators
        or decorators.model_validators
    ):
        return "it has validators, which rows that are proven do not go through: check what goes in, not what comes out"
    if any(dto.model_config.get(key) for key in ("str_to_lower", "str_to_upper", "str_strip_whitespace")):
        return "its configuration changes texts, which rows that are proven do not go through"
    return None


class TypeRegistry:
    """Finds DTO classes and StrEnums by their name."""

    def __init__(self, types: Mapping[str, type]) -> None:
        """Keep the classes by name; `TypeRegistry.of` is the usual way to make one."""
        self.types: Mapping[str, type] = MappingProxyType(dict(types))

    @classmethod
    def of(cls, *modules: ModuleType) -> TypeRegistry:
        """Collect every pydantic model and StrEnum of the modules; a package counts with its direct submodules.

        Raises TypedSqlError if two different classes have one name, because a query file could not tell them apart.
        """
        found: dict[str, type] = {}
        for module in modules:
            for part in _with_submodules(module):
                for name, member in vars(part).items():
                    if not _is_public_type(name, member):
                        continue
                    if found.setdefault(name, member) is not member:
                        other = found[name]
                        message = (
                            f"two classes are called {name}: {other.__module__} and {member.__module__}; rename one, "
                            "query files know them by name alone"
                        )
                        raise TypedSqlError(message)
        return cls(found)

    def beside(self, others: TypeRegistry) -> TypeRegistry:
        """Give a registry of both; where a name stands in both, it means this one's class."""
        return TypeRegistry({**others.types, **self.types})

    def dto(self, name: str) -> type[BaseModel] | None:
        """Return the DTO class of that name, or None."""
        found = self.types.get(name)
        return found if found is not None and issubclass(found, BaseModel) else None


def _with_submodules(module: ModuleType) -> Iterator[ModuleType]:
    yield module
    for entry in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield importlib.import_module(f"{module.__name__}.{entry.name}")


def _is_public_type(name: str, member: object) -> bool:
    if name.startswith("_") or not inspect.isclass(member) or member.__name__ != name:
        return False
    return issubclass(member, (BaseModel, StrEnum)) and member not in {BaseModel, StrEnum}
