"""The menu of steps. To add one: a file, and a line here."""

from __future__ import annotations

from benchmark.steps.step import Step

STEPS: dict[str, type[Step]] = {}
