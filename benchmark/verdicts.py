"""The words of a verdict on a published number."""

from __future__ import annotations

REPRODUCED, NOT_REPRODUCED, UNKNOWN = "reproduced", "not reproduced", "cannot be known"

AS_EXPECTED = "not reproduced, as expected"
"""The published number is one that an honest analysis should not reach, and it was not reached."""

VERDICTS = (REPRODUCED, NOT_REPRODUCED, AS_EXPECTED, UNKNOWN)
"""On one number, in the order in which they are told."""

PARTLY = "partly reproduced"
"""Of several numbers together."""
