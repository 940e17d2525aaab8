"""Seeds by name: a unit of work is seeded by a hash of what it is called.

Adding a classifier, changing the order or the number of workers changes no other number.
"""

from __future__ import annotations

import hashlib


def seed_for(seed: int, *names: object) -> int:
    """A seed in [0, 2**31) for the unit of work of these names, from the experiment's one seed."""
    text = "\x1f".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1
