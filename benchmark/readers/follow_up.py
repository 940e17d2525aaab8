"""The follow-up of each case: the time, and whether it ended with the event or with the end of observation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from benchmark.cohort import FollowUp
from benchmark.errors import ConfigError, unknown
from benchmark.readers.declaration import FollowUpDeclaration
from benchmark.readers.labels import Tables
from benchmark.readers.source import Place
from benchmark.readers.table_error import TableError
from benchmark.readers.text import first_value, numbers_of, same_text, text_of

FOLLOW_UP: Place = ("cohort", "follow_up")
PARTS: tuple[Literal["time", "event"], ...] = ("time", "event")
CODES = ("0", "1")


def follow_up(tables: Tables, said: FollowUpDeclaration, cases: pd.Index, classes: Sequence[str]) -> FollowUp:
    """The follow-up of the ``cases``; ``classes`` of the outcome, the positive one last. RB015 for a time that is none,
    ``ConfigError`` if it is unclear what means the event, or for an unknown class."""
    text, where, decimal = {}, {}, "."
    for part in PARTS:
        place: Place = (*FOLLOW_UP, part)
        source = tables.sources(said.label(part), place)[0]
        text[part] = tables.label(said.label(part), place).reindex(cases)
        where[part], decimal = source.raw.name, decimal if part == "event" else source.raw.decimal
    time = _times(text["time"], said.time, where["time"], decimal)
    found = pd.DataFrame({"time": time, "event": _events(text["event"], said, where["event"])}, index=cases)
    known = found.notna().all(axis=1)
    if not known.any():
        message = f"no case of the cohort has both a time ('{said.time}') and an event ('{said.event}')."
        raise TableError("RB015", where["time"], message)
    return FollowUp(found.where(known), _risk(said, classes))


def _risk(said: FollowUpDeclaration, classes: Sequence[str]) -> str:
    if said.risk is None or len(classes) != 2:
        return classes[-1] if len(classes) == 2 else ""
    label = same_text(said.risk, classes)
    if label is None:
        raise ConfigError(unknown("class of the outcome", text_of(said.risk), classes), path=(*FOLLOW_UP, "risk"))
    return label


def _times(text: pd.Series, column: str, where: str, decimal: str) -> pd.Series:
    time = numbers_of(text, decimal)
    for bad, what in ((text.notna() & ~np.isfinite(time), "no number"), (time <= 0, "not above 0")):
        if bad.any():
            raise TableError(
                "RB015", where, f"column '{column}': {int(bad.sum())} times are {what} (first: "
                f"{first_value(text[bad])}). Expected the time to the event or to the end of observation.",
            )  # fmt: skip
    return time


def _events(text: pd.Series, said: FollowUpDeclaration, where: str) -> pd.Series:
    present = sorted(text.dropna().unique())
    column = f"{where}, column '{said.event}'"
    if said.event_label is None:
        bad = text.notna() & ~text.isin(CODES)
        if bad.any():
            raise ConfigError(
                f"{column}: {first_value(text[bad])}, expected 1 (event) or 0 (censored). Found: "
                f"{', '.join(present[:5])}. Say which value means the event: event_label", path=(*FOLLOW_UP, "event"),
            )  # fmt: skip
        return text.map({code: float(code) for code in CODES}).astype(float)
    label, place = same_text(said.event_label, present), (*FOLLOW_UP, "event_label")
    if label is None:
        raise ConfigError(f"{column}: {unknown('value', text_of(said.event_label), present)}", path=place)
    if len(present) > 2:
        message = f"{column}: {len(present)} values ({', '.join(present[:5])}), expected two: the event, and censored"
        raise ConfigError(message, path=place)
    return text.eq(label).astype(float).where(text.notna())
