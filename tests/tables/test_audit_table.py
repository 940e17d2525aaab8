"""The table of the leak audit."""

from __future__ import annotations

import pytest

from benchmark.tables.audit import table


def run_with(*verdicts: str) -> dict[str, object]:
    findings = [
        {
            "code": f"LA10{place}",
            "title": "promise",
            "verdict": verdict,
            "where": "kfold" * (place % 2),
            "message": "told",
        }
        for place, verdict in enumerate(verdicts, start=1)
    ]
    return {"audit": {"findings": findings, "budget": {"folds": None, "recipes": True, "permutations": 3}}}


def test_leaks_and_warnings_stand_out() -> None:
    found = table({}, run_with("OK", "LEAK", "NOTE", "WARNING", "WARNING"))
    assert found is not None
    assert found.caption == "Leak audit: 1 leak, 2 warnings."
    assert found.strong == {1, 3, 4}
    assert found.rows[:2] == (("LA101", "promise", "OK", "kfold: told"), ("LA102", "promise", "LEAK", "told"))
    assert found.notes[1] == "Refitted: every fold, every recipe; 3 draws of each control arm."


@pytest.mark.parametrize("run", [{}, {"audit": {}}, {"audit": {"findings": []}}])
def test_no_audit_is_no_table(run: dict[str, object]) -> None:
    assert table({}, run) is None


def test_nothing_found_is_said() -> None:
    found = table({}, run_with("OK"))
    assert found is not None
    assert found.caption == "Leak audit: no leaks, no warnings."
