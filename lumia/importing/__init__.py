"""Import of order lines from CSV files, and a made-up shop year of the same form."""

from __future__ import annotations

from lumia.importing.loading import import_order_lines
from lumia.importing.presets import DEFAULT_PRESET, FIELDS, PRESETS, Preset

__all__ = ["DEFAULT_PRESET", "FIELDS", "PRESETS", "Preset", "import_order_lines"]
