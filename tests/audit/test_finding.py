"""Codes, their lines and their pages."""

from __future__ import annotations

import re
from pathlib import Path

from benchmark.audit import CHECKS, CODES
from benchmark.audit.finding import Finding, judged, not_checked, ok

DOCS = Path(__file__).resolve().parents[2] / "docs" / "audit.md"


def test_every_code_has_its_section_under_its_title() -> None:
    sections = dict(re.findall(r"^### (LA\d{3}) (.+?)(?: \((?:warning|note)\))?$", DOCS.read_text(), re.MULTILINE))
    assert sections == CODES


def test_a_finding_is_one_line() -> None:
    assert str(ok("LA101", "4 fits")) == "LA101 OK          steps fitted on training cases only: 4 fits"
    assert str(not_checked("LA105", "none")) == "LA105 NOT CHECKED repeated readings of training cases only: none"
    assert str(Finding("LA401", "LEAK", "kfold", "2 cases")).endswith(": kfold: 2 cases")


def test_the_first_of_several_is_told() -> None:
    assert judged("LA401", "LEAK", [("a", "x"), ("b", "y")], "fine") == Finding("LA401", "LEAK", "a", "x (and 1 more)")
    assert judged("LA401", "LEAK", [], "fine") == ok("LA401", "fine")


def test_menu_has_one_name_per_check() -> None:
    assert len(set(CHECKS.values())) == len(CHECKS)
