"""Tables of the radMLBench collection: features, then the columns ``ID`` and ``Target`` (0 or 1, where 1 is positive).

Source: Demircioglu (2024), Computers in Biology and Medicine, doi:10.1016/j.compbiomed.2024.109140.
"""

from __future__ import annotations

from collections.abc import Sequence

ID, TARGET, POSITIVE = "ID", "Target", "1"
REASON = "ID or outcome of radMLBench"


def is_radmlbench(columns: Sequence[str]) -> bool:
    """Whether a table ends as those of the collection do."""
    return list(columns[-2:]) == [ID, TARGET]


def non_features(columns: Sequence[str]) -> dict[str, str]:
    """The columns that are not features, with the reason."""
    return dict.fromkeys((ID, TARGET), REASON) if is_radmlbench(columns) else {}
