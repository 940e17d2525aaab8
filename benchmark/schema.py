"""The JSON schema of an experiment file, for editors: made from the same declarations that validate it."""

from __future__ import annotations

from typing import Any

from benchmark.choices import CHOOSE
from benchmark.classifiers import CLASSIFIERS
from benchmark.experiment_file import ExperimentFile
from benchmark.menu import parameters_of
from benchmark.resamplers import RESAMPLERS
from benchmark.steps import STEPS
from benchmark.steps.step import HARNESS_PARAMETERS


def experiment_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12), with the menus of steps and classifiers written out."""
    schema = ExperimentFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "radbench experiment"
    definitions = schema["$defs"]
    steps = {}
    for name, kind in STEPS.items():
        told = parameters_of(kind, HARNESS_PARAMETERS).model_json_schema()
        definitions |= told.pop("$defs", {})
        told["properties"] = told.get("properties", {}) | {
            "families": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "per_block": {"type": "boolean"},
        }
        steps[name] = {"anyOf": [{"type": "null"}, told | {"title": kind.title}]}
    for name, resampler in RESAMPLERS.items():
        told = parameters_of(resampler, HARNESS_PARAMETERS).model_json_schema()
        definitions |= told.pop("$defs", {})
        steps[name] = {"anyOf": [{"type": "null"}, told | {"title": resampler.title}]}
    properties = schema["properties"]
    properties["preprocessings"]["additionalProperties"] = {"type": "array", "items": _step(steps)}
    parameters = {name: {"type": ["object", "null"], "title": entry.title} for name, entry in CLASSIFIERS.items()}
    properties["classifiers"]["anyOf"] = [{"const": "all"}, {"type": "array", "items": _item(parameters)}]
    sets = {"type": "array", "items": {"type": "string"}}
    properties["feature_sets"] = {
        "anyOf": [{"const": "all"}, sets, {"type": "object", "additionalProperties": sets}],
        "title": "Feature sets",
    }
    split = properties["splits"]
    split["anyOf"] = [split["items"], {"type": "array", "items": split.pop("items"), "minItems": 1}]
    split.pop("type", None)
    split.pop("minItems", None)
    return schema


def _step(steps: dict[str, Any]) -> dict[str, Any]:
    """A step, or a choice of one factor's levels, each a list of steps."""
    levels = {"type": "object", "additionalProperties": {"type": "array", "items": _item(steps)}, "minProperties": 1}
    factor = {"type": "object", "additionalProperties": levels, "minProperties": 1, "maxProperties": 1}
    choice = {"type": "object", "properties": {CHOOSE: factor}, "required": [CHOOSE], "additionalProperties": False}
    return {"anyOf": [*_item(steps)["anyOf"], choice]}


def _item(entries: dict[str, Any]) -> dict[str, Any]:
    """A name, or a mapping of one name to its parameters."""
    mapping = {
        "type": "object", "properties": entries, "additionalProperties": False, "minProperties": 1, "maxProperties": 1,
    }  # fmt: skip
    return {"anyOf": [{"enum": list(entries)}, mapping]}
