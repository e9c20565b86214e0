# SPDX-License-Identifier: Apache-2.0
"""What one input is doing: its messages go through a table, and what it started is ended where it was started.

A keyboard may be pulled out, its zones may change and its controllers be learned while keys and pedals are down. So an
input remembers which keys of which parts each of its keys plays, and what its pedals hold and its wheels bend.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from synth.messages import BEND, CONTROL, NOTE_OFF, NOTE_ON, POLY_PRESSURE, PRESSURE, PROGRAM
from synth.midi.control_targets import PEDALS
from synth.midi.router import Table, direct

LENGTHS: Final = {NOTE_OFF: 3, NOTE_ON: 3, POLY_PRESSURE: 3, CONTROL: 3, PROGRAM: 2, PRESSURE: 2, BEND: 3}
_ALL_SOUND_OFF, _RESET_CONTROLLERS, _ALL_NOTES_OFF = 120, 121, 123
_DOWN = 64  # pedals and buttons: this and above is down
_RESTS: Final = {1: 0, 2: 0, 4: 0, 11: 127}
"""Wheel, breath, foot and expression at rest: left anywhere else they would bend or silence a part for ever."""
_SETTLED: Final = {7: 127}
"""Volume stays where it was put; but when another controller that did that does so no more, it was here before."""


class Command(NamedTuple):
    """Anything but a MIDI message: a command or a function parameter, for a part (0..15) or the whole instrument."""

    name: str
    part: int | None
    value: int | None = None
    """Of a function parameter; None for a command."""


Out = bytes | Command


class Routing:
    """Follows the messages of one input. All of it belongs to the thread that plays."""

    def __init__(self, table: Table | None = None) -> None:
        self._table = direct() if table is None else table
        self._keys: dict[int, tuple[tuple[int, int], ...]] = {}  # channel and key -> parts and keys that it plays
        # Channel and number of a pedal -> parts and controllers that it holds, and what its values mean there.
        self._pedals: dict[int, dict[tuple[int, int], bytes]] = {}
        self._away: dict[bytes, tuple[int, bytes]] = {}  # start of a message -> who moved it, and it at rest
        self._own: dict[tuple[int, int], int] = {}  # part and controller -> where its own controller put it
        self._put: dict[tuple[int, int], tuple[int, int]] = {}  # part and controller -> who put it, from where
        self._values: dict[int, int] = {}  # channel and number -> where that controller is
        self._rising: set[int] = set()  # channel and number of controllers learned on their way up

    @property
    def keys_down(self) -> int:
        """How many keys are down that play something."""
        return len(self._keys)

    def use(self, table: Table) -> list[Out]:
        """Another table from now on. Held keys and pedals stay; wheels come to rest in parts they no longer reach."""
        self._table = table
        left = [start for start, (source, _) in self._away.items() if not self._reaches(source, start)]
        return [self._away.pop(start)[1] for start in left] + self._put_back()

    def _put_back(self) -> list[Out]:
        starts = {bytes((CONTROL | part, number)): (part, number) for part, number in self._put}
        left = [start for start, key in starts.items() if not self._reaches(self._put[key][0], start)]
        return [start + bytes((self._put.pop(starts[start])[1],)) for start in left]

    def _reaches(self, source: int, start: bytes) -> bool:
        channel, part = source >> 7, start[0] & 0x0F
        if start[0] & 0xF0 != CONTROL:
            return part in self._table.parts[channel]
        routes = self._table.controls[channel][source & 0x7F]
        return any(to == part and target.kind == "controller" and target.number == start[1] for to, target in routes)

    def route(self, message: bytes) -> list[Out]:
        """What a message becomes. One that is no whole channel message becomes nothing."""
        kind = message[0] & 0xF0 if message else 0
        if len(message) != LENGTHS.get(kind) or message[1] > 127 or message[-1] > 127:
            return []
        channel = message[0] & 0x0F
        if kind == NOTE_ON and message[2]:
            return self._note_on(channel, message[1], message[2])
        if kind <= NOTE_ON:  # a note-on of velocity 0 is a note-off
            return self._note_off(channel << 7 | message[1], message[2] if kind == NOTE_OFF else 0)
        if kind == CONTROL:
            return self._mode(channel, message) if message[1] >= _ALL_SOUND_OFF else self._control(channel, message)
        if kind == POLY_PRESSURE:
            played = self._keys.get(channel << 7 | message[1])
            if played is None:  # its note began before we were there
                played = tuple((part, key) for part, key, _ in self._table.notes[channel][message[1]])
            return [bytes((kind | part, key, message[2])) for part, key in played]
        if kind == PROGRAM:
            part = self._table.programs[channel]
            return [] if part is None else [bytes((kind | part, message[1]))]
        return self._bend_or_pressure(kind, channel, message[1:])

    def _note_on(self, channel: int, key: int, velocity: int) -> list[Out]:
        """A key that is struck again is let go first, so that one note-off ends it."""
        source = channel << 7 | key
        messages = self._note_off(source, 0) if source in self._keys else []
        played = []
        for part, note, velocities in self._table.notes[channel][key]:
            if (loud := velocities[velocity]) and (part, note) not in played:
                played.append((part, note))
                messages.append(bytes((NOTE_ON | part, note, loud)))
        if played:
            self._keys[source] = tuple(played)
        return messages

    def _note_off(self, source: int, velocity: int) -> list[Out]:
        return [bytes((NOTE_OFF | part, key, velocity)) for part, key in self._keys.pop(source, ())]

    # ---- controllers ----------------------------------------------------------------

    def lets_go(self, message: bytes) -> bool:
        """True if this is a pedal on its way up that holds something."""
        if len(message) != LENGTHS[CONTROL] or message[0] & 0xF0 != CONTROL or message[2] > 127:
            return False
        held = self._pedals.get((message[0] & 0x0F) << 7 | message[1], {})
        return any(values[message[2]] < _DOWN for values in held.values())

    def learn_from(self, message: bytes) -> None:
        """What this controller has just learned to command, it commands when it rises anew."""
        source = (message[0] & 0x0F) << 7 | message[1]
        self._values[source] = message[2]
        self._rising.add(source)

    def _control(self, channel: int, message: bytes) -> list[Out]:
        number, value = message[1], message[2]
        source = channel << 7 | number
        out: list[Out] = []
        earlier = self._values.get(source)
        self._values[source] = value
        if earlier is not None and value < min(earlier, _DOWN):
            self._rising.discard(source)
        held = self._pedals.pop(source, None)
        for part, target in self._table.controls[channel][number]:
            sent = target.values[value]
            if target.kind == "controller" and part is not None:
                out.append(self._controller(source, part, target.number, sent, target.values))
                if held:
                    held.pop((part, target.number), None)
            elif target.kind == "function":
                out.append(Command(target.name, part, sent))
            elif sent >= _DOWN and (earlier is None or target.values[earlier] < _DOWN) and source not in self._rising:
                out.append(Command(target.name, part))
        for (part, pedal), values in (held or {}).items():  # by an earlier table: it goes on until the pedal is up
            out.append(self._controller(source, part, pedal, values[value], values))
        return out

    def _controller(self, source: int, part: int, number: int, value: int, values: bytes) -> bytes:
        message = bytes((CONTROL | part, number, value))
        if number in PEDALS:
            if value >= _DOWN:
                self._pedals.setdefault(source, {})[part, number] = values
        elif number in _SETTLED:
            self._settle(source, part, number, value)
        elif number in _RESTS:
            self._remember(source, message[:2], message[2:], bytes((_RESTS[number],)))
        return message

    def _settle(self, source: int, part: int, number: int, value: int) -> None:
        """Remember where something that stays was before another controller than its own moved it."""
        if source & 0x7F == number:
            self._own[part, number] = value
            self._put.pop((part, number), None)
        else:
            before = self._own.get((part, number), _SETTLED[number])
            self._put.setdefault((part, number), (source, before))

    def _bend_or_pressure(self, kind: int, channel: int, data: bytes) -> list[Out]:
        rest = b"\x00\x40" if kind == BEND else b"\x00"
        out: list[Out] = []
        for part in self._table.parts[channel]:
            start = bytes((kind | part,))
            self._remember(channel << 7, start, data, rest)
            out.append(start + data)
        return out

    def _remember(self, source: int, start: bytes, data: bytes, rest: bytes) -> None:
        if data != rest:
            self._away[start] = source, start + rest
        else:
            self._away.pop(start, None)

    def _mode(self, channel: int, message: bytes) -> list[Out]:
        """All notes off and the like: what this channel holds ends, wherever it is, and its parts hear of it."""
        number = message[1]
        out: list[Out] = []
        if number >= _ALL_NOTES_OFF or number == _ALL_SOUND_OFF:
            out += self._let_go(self._keys_of(channel))
        elif number == _RESET_CONTROLLERS:
            out += self._raise_pedals([source for source in self._pedals if source >> 7 == channel])
        parts = self._table.parts[channel]
        return out + [bytes((CONTROL | part, number, message[2])) for part in parts]

    # ---- letting go -----------------------------------------------------------------

    def release(self) -> list[Out]:
        """The messages that let go of everything, and bring every wheel to rest; all is forgotten."""
        out = self._let_go(sorted(self._keys)) + self._raise_pedals(sorted(self._pedals))
        out += [message for _, message in self._away.values()]
        self._away.clear()
        self._values.clear()
        self._rising.clear()
        return out

    def _keys_of(self, channel: int) -> list[int]:
        return sorted(source for source in self._keys if source >> 7 == channel)

    def _let_go(self, sources: list[int]) -> list[Out]:
        return [message for source in sources for message in self._note_off(source, _DOWN)]

    def _raise_pedals(self, sources: list[int]) -> list[Out]:
        return [bytes((CONTROL | part, number, 0)) for source in sources for part, number in self._pedals.pop(source)]
