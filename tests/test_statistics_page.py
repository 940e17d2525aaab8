"""docs/statistics.md: the table of tests and designs is that of the rules, and every setting and file is there."""

from __future__ import annotations

import re
from pathlib import Path

from benchmark.experiment_file import StatisticsSection
from benchmark.statistics.design_rules import RULES, SITUATIONS

PROJECT = Path(__file__).resolve().parents[1]
PAGE = (PROJECT / "docs" / "statistics.md").read_text(encoding="utf-8")
WORDS = {"fits": "yes", "flagged": "caution", "refused": "no"}


def test_tests_and_designs_are_the_rules() -> None:
    for name, row in RULES.items():
        verdicts = [row[situation] for situation in SITUATIONS]
        cells = [WORDS[one.kind] + (f": {one.right}" if one.right else "") for one in verdicts]
        assert f"| {name} | {' | '.join(cells)} |" in PAGE, name
    assert f"| test | {' | '.join(SITUATIONS)} |" in PAGE


def test_every_setting_is_shown() -> None:
    for name in set(StatisticsSection.model_fields) - {"contrast", "ordinal"}:
        assert re.search(rf"^  {name}:", PAGE, re.MULTILINE), name


def test_every_file_that_is_named_exists() -> None:
    last_cells = re.findall(r"\| ([`\w, ]+) \|$", PAGE, re.MULTILINE)
    files = {name for cell in last_cells for name in re.findall(r"`(\w+)`", cell)}
    assert len(files) > 15
    for name in files:
        assert (PROJECT / "benchmark" / "statistics" / f"{name}.py").is_file(), name
