# SPDX-License-Identifier: Apache-2.0
"""A voice being edited, with every step to take back."""

from __future__ import annotations

from synth.errors import VoiceError
from synth.parameters import NAME_LENGTH, Parameter
from synth.patch import Patch


class Edit:
    """One voice's history. Voices are never changed in place: each step is a copy."""

    def __init__(self, patch: Patch) -> None:
        self._steps = [patch]
        self._place = 0

    @property
    def patch(self) -> Patch:
        """As it is now."""
        return self._steps[self._place]

    @property
    def edited(self) -> bool:
        """Whether it differs from what it was."""
        return self.patch != self._steps[0]

    def value(self, parameter: Parameter) -> int:
        """A parameter's number, in the voice's own bytes."""
        return self.patch.to_bytes()[parameter.position]

    def step(self, parameter: Parameter, by: int) -> bool:
        """Change a parameter by so much, within its range; False if it is at its end."""
        raw = bytearray(self.patch.to_bytes())
        value = min(parameter.maximum, max(parameter.minimum, raw[parameter.position] + by))
        if value == raw[parameter.position]:
            return False
        raw[parameter.position] = value
        changed = Patch.from_raw(bytes(raw))
        changed.operators_on = self.patch.operators_on
        self._add(changed)
        return True

    def switch(self, operator: int) -> None:
        """Operator 1..6 on or off."""
        changed = self.patch.copy()
        changed.operators_on = changed.operators_on ^ (1 << (6 - operator))
        self._add(changed)

    def rename(self, name: str) -> bool:
        """Give the voice a name of 1 to 10 characters; False if it has that one. Accents are dropped.

        Raises:
            VoiceError: it is none that a DX7 can show.
        """
        if not name.strip() or len(name) > NAME_LENGTH:
            raise VoiceError(f"a voice has a name of 1 to {NAME_LENGTH} characters, not of {len(name)}")
        changed = self.patch.copy()
        for letter in name:
            changed.name = letter
            if letter != "?" and "?" in changed.name:
                raise VoiceError(f"a DX7 cannot show {letter!r}, only letters, digits and signs of ASCII")
        changed.name = name
        if changed.name == self.patch.name:
            return False
        self._add(changed)
        return True

    def undo(self) -> bool:
        """Back by a step; False at the beginning."""
        self._place = max(0, self._place - 1)
        return self._place < len(self._steps) - 1

    def redo(self) -> bool:
        """Forward again; False at the end."""
        more = self._place < len(self._steps) - 1
        self._place += more
        return more

    def _add(self, patch: Patch) -> None:
        del self._steps[self._place + 1 :]
        self._steps.append(patch)
        self._place += 1
