"""What a feature set is made of, in the words of a question: families where they go together, else blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parts_of_sets(run: Mapping[str, Any]) -> dict[str, list[str]]:
    """The parts of each feature set of ``run.json``: the name of a family if every set has all or none of its blocks,
    else the names of blocks."""
    sets = {name: list(about.get("blocks") or ()) for name, about in (run.get("feature_sets") or {}).items()}
    families: dict[str, set[str]] = {}
    for block in (run.get("cohort") or {}).get("blocks") or ():
        families.setdefault(str(block["family"]), set()).add(str(block["name"]))
    known = {block: block for blocks in sets.values() for block in blocks}
    for family, members in families.items():
        together = all(members <= set(blocks) or not members & set(blocks) for blocks in sets.values())
        if together and (family not in known or family in members):
            known |= dict.fromkeys(members, family)
    return {name: list(dict.fromkeys(known[block] for block in blocks)) for name, blocks in sets.items()}
