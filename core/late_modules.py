"""Modules with large libraries behind them that few requests need.

Imported with the rest they would take a third of the time in which a server process starts, and
keep some twenty megabytes in each.
"""

from importlib import import_module
from typing import Any


class LateModule:
    """Stands for a module and imports it when something of it is first used, by any thread.

    Write it where the import would stand: ``workbook = LateModule("inquiries.workbook")``.
    Raises ImportError then if there is no such module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
