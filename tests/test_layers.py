"""Who may import whom, and how long a file and a function may be. A new part fails here until its line is added."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "benchmark"

BASE = {"errors", "seeds", "frame", "predictions", "estimates"}
FILES = BASE | {"yaml_file", "menu"}
COHORT = {"cohort", "reliability"}

ALLOWED: dict[str, set[str]] = {
    # what both halves may use
    "errors": set(),
    "seeds": set(),
    "frame": set(),
    "predictions": {"errors"},
    "estimates": {"predictions"},
    "yaml_file": {"errors"},
    "menu": {"errors", "yaml_file"},
    "folder": {"errors"},
    "metrics": {"errors"},
    # making predictions
    "reliability": {"errors"},
    "cohort": BASE | {"reliability"},
    "study": {"yaml_file"},
    "readers": FILES | COHORT | {"seeds", "study"},
    "checks": FILES | COHORT | {"metrics", "readers"},
    "steps": FILES | COHORT | {"metrics"},
    "classifiers": {"errors"},
    "resamplers": {"errors"},
    "splits": BASE | COHORT,
    "recipe": BASE | COHORT | {"steps", "resamplers", "classifiers"},
    "tuning": BASE | {"metrics"},
    "versions": set(),
    "store": {"versions"},
    "executors": set(),
    "plan": COHORT | {"errors", "predictions", "splits", "recipe", "classifiers", "store", "tuning"},
    "explain": {"classifiers", "frame"},
    "runner": BASE | COHORT | {"explain", "plan", "splits", "steps", "recipe", "classifiers", "tuning", "store",
                               "executors"},
    "fusions": {"tuning"},
    "arms": BASE | {"fusions", "plan", "recipe", "splits", "store"},
    "case_sets": BASE | {"plan"},
    "correlations": BASE | COHORT,
    "explanations": BASE | COHORT | {"arms", "plan", "store"},
    "waist": BASE | COHORT | {"arms", "case_sets", "correlations", "explanations", "plan", "store"},
    "projection": {"errors", "steps"},
    "described": FILES | COHORT | {"projection", "recipe", "splits"},
    "experiment_file": FILES | {"classifiers", "described", "fusions", "readers", "splits", "study", "tuning"},
    "choices": {"errors", "yaml_file"},
    "experiment": FILES | COHORT | {"choices", "described", "experiment_file", "explain", "plan", "readers", "recipe",
                                    "resamplers", "splits", "steps", "study", "classifiers", "tuning"},
    "published": FILES | {"choices", "experiment_file", "harmonization", "readers", "study"},
    "agreement": BASE | COHORT | {"classifiers", "described", "experiment", "recipe", "steps", "yaml_file"},
    "schema": {"choices", "experiment_file", "resamplers", "menu", "steps", "classifiers"},
    "description": BASE | COHORT | {"choices", "described", "experiment", "plan", "recipe", "splits", "steps",
                                    "classifiers", "waist"},
    "provenance": {"versions"},
    "harmonization": BASE | COHORT | {"classifiers", "experiment", "experiment_file", "projection", "readers",
                                      "recipe", "steps", "study", "yaml_file"},
    "conduct": BASE | COHORT | {"agreement", "described", "description", "experiment", "folder", "plan", "provenance",
                                "readers", "recipe", "runner", "splits", "store", "waist"},
    "audit": FILES | COHORT | {"checks", "classifiers", "conduct", "experiment", "folder", "metrics", "plan", "readers",
                               "recipe", "runner", "seeds", "splits", "steps", "store", "waist"},
    # reading them
    "statistics": {"errors", "seeds", "predictions", "estimates", "metrics"},
    "tables": {"errors", "predictions", "estimates"},
    "figures": {"errors", "predictions", "estimates", "tables", "verdicts"},
    "exporters": {"errors", "predictions", "estimates", "tables"},
    "page": {"tables", "figures", "exporters"},
    "report": {"errors", "predictions", "estimates", "tables", "figures", "page"},
    "comparison": {"errors", "predictions", "estimates", "folder", "statistics"},
    "comparison_report": {"predictions", "tables", "figures", "page"},
    "kept_reports": {"errors"},
    "harmonization_report": {"tables", "figures", "page"},
    "verdicts": set(),
    "packs": {"errors", "yaml_file", "predictions", "prediction_file", "tables", "figures", "page", "verdicts"},
    "reviews": {"errors", "yaml_file", "statistics", "tables", "figures", "page", "verdicts"},
    "class_columns": {"errors", "predictions"},
    "training_set": {"errors", "predictions"},
    "prediction_file": {"errors", "predictions", "class_columns", "training_set"},
    "survival_file": {"errors", "prediction_file"},
    "survival_report": {"tables", "figures", "page"},
    # both
    "progress": set(),
    "catalogue": {"menu", "steps", "resamplers", "classifiers", "splits", "metrics", "readers", "checks"},
    "commands": {"audit", "errors", "predictions", "conduct", "experiment", "checks", "catalogue", "schema",
                 "readers", "folder", "prediction_file", "survival_file", "survival_report", "statistics", "report",
                 "comparison", "comparison_report", "kept_reports", "provenance", "progress",
                 "harmonization", "harmonization_report", "packs", "published", "reliability", "reviews", "frame",
                 "page", "tables", "figures", "store"},
    "cli": {"errors", "commands"},
    "__main__": {"cli"},
}  # fmt: skip

MAX_FILE, MAX_FUNCTION = 400, 60
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part_of(path: Path) -> str:
    """The part a module belongs to: a file or folder right below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> set[str]:
    """The parts of the package that a module imports, anywhere in it, type checking left out."""
    tree = ast.parse(path.read_text())
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in guarded:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "benchmark":
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("benchmark.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_what_its_part_may(path: Path) -> None:
    part = part_of(path)
    assert part in ALLOWED, f"a new part '{part}': add its line to ALLOWED, and say in docs/design.md what it is"
    assert imported_parts(path) - ALLOWED[part] - {part} == set()


def test_no_line_for_a_part_that_is_gone() -> None:
    assert set(ALLOWED) == {part_of(path) for path in MODULES}


def test_parts_do_not_import_in_circles() -> None:
    graph = {part: set() for part in ALLOWED}
    for path in MODULES:
        graph[part_of(path)] |= imported_parts(path) - {part_of(path)}
    done: set[str] = set()
    while len(done) < len(graph):
        free = {part for part, needs in graph.items() if part not in done and needs <= done}
        assert free, f"a circle among {sorted(set(graph) - done)}"
        done |= free


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= MAX_FUNCTION, f"{node.name} in {path.name}"
