"""Choice points in a list of steps, and the preprocessings that the list stands for: every combination of their levels.

    multiverse:
      - impute
      - choose: {harmonization: {none: [], ComBat: [combat: {unseen: own_rows}]}}
      - choose: {selector: {LASSO: [lasso], mRMR: [mrmr]}}

is four preprocessings, ``multiverse (none, LASSO)`` to ``multiverse (ComBat, mRMR)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Any

from benchmark.errors import ConfigError
from benchmark.yaml_file import Path_, YamlFile

CHOOSE = "choose"
MOST = 500
"""As many preprocessings as one list may stand for."""

TAKEN = ("feature set", "classifier", "seed")
"""Factors that every experiment has."""

Item = str | dict[str, dict[str, Any] | None]
EXAMPLE = "as in {harmonization: {none: [], ComBat: [combat]}}"


@dataclass(frozen=True)
class ListOfSteps:
    """The items of one preprocessing and where each stands in the file; ``levels``: the level of each factor, empty
    for a list without choice points; ``told``: the name of the list in the file."""

    name: str
    told: str
    items: tuple[Item, ...]
    places: tuple[Path_, ...]
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Level:
    """What one level of a factor puts into the list; an item that is no choice has one level without names."""

    factor: str
    name: str
    items: tuple[Item, ...]
    places: tuple[Path_, ...]


def expand(told: Mapping[str, Sequence[Item]]) -> tuple[ListOfSteps, ...]:
    """The lists of a file with every combination of their levels. Raises ``ConfigError`` with the place of the first
    choice that cannot be read; for choices in two lists; and for more combinations than ``MOST``."""
    lists = [one for name, items in told.items() for one in _combinations(name, items)]
    chosen = list(dict.fromkeys(one.told for one in lists if one.levels))
    if len(chosen) > 1:
        message = f"choices in two lists, '{chosen[0]}' and '{chosen[1]}': make one list, and how they differ a choice"
        raise ConfigError(message, path=("preprocessings", chosen[1]))
    names = [one.name for one in lists]
    twice = next((one for place, one in enumerate(lists) if one.name in names[:place]), None)
    if twice is not None:
        raise ConfigError(f"two preprocessings are called '{twice.name}'", path=("preprocessings", twice.told))
    return tuple(lists)


def told_name(name: str, levels: Mapping[str, str]) -> str:
    """The name in the file of the list that a preprocessing with these levels comes from."""
    return name.removesuffix(_suffix(levels))


def with_lines(file: YamlFile, lists: Sequence[ListOfSteps]) -> YamlFile:
    """The file, in which the steps of a combination have the lines on which they were written."""
    below: dict[Path_, dict[Path_, int]] = {place: {} for one in lists for place in one.places}
    for path, line in file.lines.items():
        for length in range(len(path) + 1):
            if path[:length] in below:
                below[path[:length]][path[length:]] = line
    more = {
        ("preprocessings", one.name, number, *rest): line
        for one in lists
        for number, place in enumerate(one.places)
        for rest, line in below[place].items()
    }
    more |= {("preprocessings", one.name): file.lines.get(("preprocessings", one.told), 1) for one in lists}
    return replace(file, lines={**more, **file.lines})


def _combinations(name: str, items: Sequence[Item]) -> list[ListOfSteps]:
    path = ("preprocessings", name)
    levels = [_levels(item, (*path, place)) for place, item in enumerate(items)]
    factors = [parts[0].factor for parts in levels if parts[0].factor]
    for place, factor in enumerate(factors):
        if factor in factors[:place]:
            raise ConfigError(f"two choices are called '{factor}': give each factor a name of its own", path=path)
    sizes = [len(parts) for parts in levels if parts[0].factor]
    if prod(sizes) > MOST:
        told = " x ".join(map(str, sizes))
        raise ConfigError(f"'{name}' stands for {prod(sizes)} preprocessings ({told}), at most {MOST}", path=path)
    return [_combination(name, parts) for parts in product(*levels)]


def _combination(name: str, parts: Sequence[_Level]) -> ListOfSteps:
    levels = {part.factor: part.name for part in parts if part.factor}
    return ListOfSteps(
        name + _suffix(levels),
        name,
        tuple(item for part in parts for item in part.items),
        tuple(place for part in parts for place in part.places),
        levels,
    )


def _suffix(levels: Mapping[str, str]) -> str:
    return f" ({', '.join(levels.values())})" if levels else ""


def _levels(item: Item, path: Path_) -> list[_Level]:
    if not (isinstance(item, dict) and CHOOSE in item):
        return [_Level("", "", (item,), (path,))]
    if len(item) > 1:
        raise ConfigError(f"{CHOOSE} shares its dash with {', '.join(sorted({*item} - {CHOOSE}))}", path=path)
    path, told = (*path, CHOOSE), item[CHOOSE] or {}
    if len(told) != 1:
        raise ConfigError(f"{CHOOSE} takes one factor with its levels, found {len(told)}: {EXAMPLE}", path=path)
    ((factor, levels),) = told.items()
    path = (*path, factor)
    if factor in TAKEN:
        raise ConfigError(f"'{factor}' is a factor of every experiment: give this one another name", path=path)
    if not isinstance(levels, dict) or not levels:
        raise ConfigError(f"factor '{factor}' has no levels, found {levels!r}: {EXAMPLE}", path=path)
    return [_level(factor, level, steps, path) for level, steps in levels.items()]


def _level(factor: str, level: Any, steps: Any, path: Path_) -> _Level:
    if isinstance(level, bool) or not isinstance(level, str | int | float):
        raise ConfigError(f"a level of '{factor}' is called {level!r}: put its name in quotes", path=path)
    name = str(level)
    path = (*path, name)
    if not isinstance(steps, list):
        meant = f" Did you mean '[{steps}]'?" if isinstance(steps, str) else ""
        message = f"level '{name}' of '{factor}' should be a list of steps ([] for none), found {steps!r}.{meant}"
        raise ConfigError(message, path=path)
    for number, step in enumerate(steps):
        _check_step(step, f"level '{name}' of '{factor}'", (*path, number))
    return _Level(factor, name, tuple(steps), tuple((*path, number) for number in range(len(steps))))


def _check_step(step: Any, where: str, path: Path_) -> None:
    """Whether it can be a step at all: what it says is checked where all steps are."""
    if isinstance(step, dict) and CHOOSE in step:
        raise ConfigError(f"{where} holds a choice: give the outer factor a level for each combination", path=path)
    if isinstance(step, str) or (
        isinstance(step, dict) and all(isinstance(given, dict | None) for given in step.values())
    ):
        return
    raise ConfigError(f"{where} should hold steps, a name or a name with its parameters, found {step!r}", path=path)
