"""Reading a YAML file so that every mistake in it can be told with its line.

``Section`` is the base of the declared sections: a key that is not declared is refused with the nearest one that is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from benchmark.errors import ConfigError, unknown

Path_ = tuple[str | int, ...]
S = TypeVar("S", bound="Section")


class Section(BaseModel):
    """A declared part of a YAML file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in data:
                if key not in known:
                    raise PydanticCustomError("unknown_key", "{text}", {"text": unknown("key", key, known), "key": key})
        return data


class Excerpt(Section):
    """What is read of a file whose other keys are of no concern."""

    @model_validator(mode="before")
    @classmethod
    def _pass_over(cls, data: Any) -> Any:
        return {key: data[key] for key in data if key in cls.model_fields} if isinstance(data, Mapping) else data


@dataclass(frozen=True)
class YamlFile:
    """What a file says, and the line of each of its keys."""

    path: Path
    data: Any
    lines: Mapping[Path_, int]

    def where(self, path: Path_) -> str:
        """``experiments/a.yaml:14``: the line of a key. Parts of the path that the file does not have are passed over:
        a value that may be written short (one item instead of a list) has none."""
        found: Path_ = ()
        for part in path:
            found = (*found, part) if (*found, part) in self.lines else found
        return f"{self.path}:{self.lines.get(found, 1)}"

    def locate(self, error: ConfigError) -> ConfigError:
        """The same error with file and line in front."""
        return ConfigError(f"{self.where(error.path)}: {error}", path=error.path)


def read_yaml(path: Path) -> YamlFile:
    """Read a file. Raises ``ConfigError`` if it is missing, not YAML, has a key twice, or is not a mapping."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = sorted(entry.name for entry in path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
        raise ConfigError(f"{path}: no such file. {unknown('file', path.name, near) if near else ''}".strip()) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[Path_, int] = {}
        if node is not None:
            _note_lines(node, (), lines, path)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: expected a mapping of keys, found {_kind(data)}")
    return YamlFile(path, data, lines)


def parse(section: type[S], file: YamlFile) -> S:
    """The declared section of a file; ``ConfigError`` with file and line for the first mistake."""
    try:
        return section.model_validate(file.data)
    except ValidationError as error:
        raise file.locate(first_mistake(error)) from None


def first_mistake(error: ValidationError, path: Path_ = ()) -> ConfigError:
    """The first mistake that pydantic found, as ``ConfigError`` with its place below ``path``."""
    mistakes = error.errors(include_url=False)
    told = next((mistake for mistake in mistakes if mistake["type"] == "unknown_key"), mistakes[0])
    place = (*path, *(part for part in told["loc"]))
    if told["type"] == "unknown_key":
        return ConfigError(told["msg"], path=(*place, told["ctx"]["key"]))
    name = f"'{told['loc'][-1]}'" if told["loc"] else "the file"
    if told["type"] == "missing":
        return ConfigError(f"the key {name} is missing", path=place[:-1])
    if told["type"] == "literal_error":
        known = [word.strip("' ") for word in told["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return ConfigError(unknown(f"{told['loc'][-1]}", told["input"], known), path=place)
    message = told["msg"].removeprefix("Value error, ").replace("Input should", "should")
    return ConfigError(f"{name} {message}, found {_shown(told['input'])}", path=place)


def _note_lines(node: yaml.Node, path: Path_, lines: dict[Path_, int], file: Path) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: dict[Hashable, int] = {}
        for key, value in node.value:
            name, line = key.value, key.start_mark.line + 1
            if name in seen:
                raise ConfigError(f"{file}:{line}: the key '{name}' is already on line {seen[name]}")
            seen[name] = line
            lines[(*path, name)] = line
            _note_lines(value, (*path, name), lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note_lines(item, (*path, number), lines, file)


def _kind(value: Any) -> str:
    return {type(None): "nothing", list: "a list", str: "a text"}.get(type(value), type(value).__name__)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
