"""Every code of this room is in its registry, and given somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import sladsl.events
from sladsl.events.codes import CODES


def test_the_registry_and_the_room_agree():
    room = Path(sladsl.events.__file__).parent
    given = {
        code
        for file in room.glob("*.py")
        if file.name != "codes.py"
        for code in re.findall(r'"(SLA\d{4})"', file.read_text(encoding="utf-8"))
    }
    assert given == set(CODES)
