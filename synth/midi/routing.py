# SPDX-License-Identifier: Apache-2.0
"""What one input is doing: its messages go through a table, and what it started is ended where it was started.

A keyboard may be pulled out, its zones may change and its controllers be learned while keys and pedals are down. So an
input remembers which keys of which parts each of its keys plays, and what its pedals hold and its wheels bend.

The channels of an MPE zone play what its manager plays, and their bend, pressure and timbre are their notes' own.
"""

from __future__ import annotations

from typing import Final

from synth.controllers import ALL_SOUND_OFF, BREATH, EXPRESSION, FOOT, RESET_CONTROLLERS, VOLUME, WHEEL, ends_notes
from synth.messages import BEND, CONTROL, LENGTHS, NOTE_OFF, NOTE_ON, POLY_PRESSURE, PROGRAM
from synth.midi.control_targets import PEDALS, source_of
from synth.midi.members import Members
from synth.midi.mpe import CHANNELS, LOWER, MOST_MEMBERS, PARAMETER_CONTROLLERS, RPN_MPE, UPPER, Data, Layout
from synth.midi.outcome import Command, MemberNote, MpeZones, Out, Touch
from synth.midi.router import Table, direct

__all__ = ["Command", "MemberNote", "MpeZones", "Out", "Routing", "Touch"]

_DOWN = 64  # pedals and buttons: this and above is down
_RESTS: Final = {WHEEL: 0, BREATH: 0, FOOT: 0, EXPRESSION: 127}
"""At rest: left anywhere else they would bend or silence a part for ever."""
_SETTLED: Final = {VOLUME: 127}
"""This stays where it was put; but when another controller that did that does so no more, it was here before."""
_BEND_REST, _PRESSURE_REST = b"\x00\x40", b"\x00"


class Routing:
    """Follows the messages of one input. All of it belongs to the thread that plays."""

    def __init__(self, table: Table | None = None, name: str = "") -> None:
        self.name = name  #: the input's, for people
        self._table = direct() if table is None else table
        self.said: Layout | None = None  #: its MPE zones, by its own words
        self._members = Members(self.layout)
        # The keys of everything below are a channel << 8 and a key's or source's number.
        self._keys: dict[int, tuple[tuple[int, int], ...]] = {}  # to parts and keys that it plays
        # Of a pedal: to parts and controllers that it holds, and what its values mean there.
        self._pedals: dict[int, dict[tuple[int, int], bytes]] = {}
        self._away: dict[Out, int] = {}  # a message that brings something to rest -> who moved it
        self._own: dict[tuple[int, int], int] = {}  # part and controller -> where its own controller put it
        self._put: dict[tuple[int, int], tuple[int, int]] = {}  # part and controller -> who put it, from where
        self._values: dict[int, int] = {}  # where each source is
        self._rising: set[int] = set()  # sources learned on their way up

    @property
    def keys_down(self) -> int:
        """How many keys are down that play something."""
        return len(self._keys)

    @property
    def is_busy(self) -> bool:
        """True if a key or a pedal is down, or a wheel away from rest."""
        return bool(self._keys or self._pedals or self._away)

    @property
    def layout(self) -> Layout:
        """Its MPE zones: what it said itself goes before its zones."""
        return self.said if self.said is not None and self._table.listens else self._table.layout

    def use(self, table: Table, said: Layout | None = None) -> list[Out]:
        """Another table from now on. Held keys and pedals stay; wheels come to rest in parts they no longer reach.

        Where MPE zones begin or end, everything ends. `said`: what the input said of them when it was there before.
        """
        self._table = table
        self.said = said or self.said
        if self.layout != self._members.layout:
            out = self.release()
            self._members.lay_out(self.layout)
            return out
        lost = [rest for rest, source in self._away.items() if not self._reaches(source, rest)]
        return self._bring_to_rest(lost) + self._put_back()

    def _put_back(self) -> list[Out]:
        back = {key: bytes((CONTROL | key[0], key[1], value)) for key, (_, value) in self._put.items()}
        left = [key for key, message in back.items() if not self._reaches(self._put[key][0], message)]
        for key in left:
            del self._put[key]
        return [back[key] for key in left]

    def _reaches(self, source: int, rest: Out) -> bool:
        channel, number = source >> 8, source & 0xFF
        if isinstance(rest, Touch):
            return any(route.part == rest.part for route in self._table.touches[self._members.managers[channel]])
        assert isinstance(rest, bytes)
        part = rest[0] & 0x0F
        routes = self._table.controls[channel][number]
        if rest[0] & 0xF0 != CONTROL:
            return any(to == part and target.kind == "itself" for to, target in routes)
        return any(to == part and target.kind == "controller" and target.number == rest[1] for to, target in routes)

    def route(self, message: bytes) -> list[Out]:
        """What a message becomes. One that is no whole channel message becomes nothing."""
        kind = message[0] & 0xF0 if message else 0
        if len(message) != LENGTHS.get(kind) or message[1] > 127 or message[-1] > 127:
            return []
        channel = message[0] & 0x0F
        if kind == NOTE_ON and message[2]:
            return self._note_on(channel, message[1], message[2])
        if kind <= NOTE_ON:  # a note-on of velocity 0 is a note-off
            return self._note_off(channel << 8 | message[1], message[2] if kind == NOTE_OFF else 0)
        data = self._members.enters(message) if kind == CONTROL and message[1] in PARAMETER_CONTROLLERS else None
        if data is not None and data.parameter == RPN_MPE and data.is_high and self._may_lay_out(channel):
            return self._lay_out(channel, data.value)
        if self._members.managers[channel] != channel:
            return self._member_moves(channel, message, data)
        if kind == CONTROL and message[1] >= ALL_SOUND_OFF:
            return self._mode(channel, message)
        if kind == POLY_PRESSURE:
            played = self._keys.get(channel << 8 | message[1])
            if played is None:  # its note began before we were there
                played = tuple((part, key) for part, key, _ in self._table.notes[channel][message[1]])
            return [bytes((kind | part, key, message[2])) for part, key in played]
        if kind == PROGRAM:
            part = self._table.programs[channel]
            return [] if part is None else [bytes((kind | part, message[1]))]
        return self._move(channel, message)

    def _note_on(self, channel: int, key: int, velocity: int) -> list[Out]:
        """A key that is struck again is let go first, so that one note-off ends it."""
        source = channel << 8 | key
        messages = self._note_off(source, 0) if source in self._keys else []
        member = self._members.number(channel)
        played = []
        for part, note, velocities in self._table.notes[self._members.managers[channel]][key]:
            if (loud := velocities[velocity]) and (part, note) not in played:
                played.append((part, note))
                messages.append(MemberNote(part, member, note, loud) if member else bytes((NOTE_ON | part, note, loud)))
        if played:
            self._keys[source] = tuple(played)
        return messages

    def _note_off(self, source: int, velocity: int) -> list[Out]:
        member, played = self._members.number(source >> 8), self._keys.pop(source, ())
        if member:
            return [MemberNote(part, member, key, 0) for part, key in played]
        return [bytes((NOTE_OFF | part, key, velocity)) for part, key in played]

    # ---- MPE ------------------------------------------------------------------------

    def belongs_to_a_note(self, message: bytes) -> bool:
        """True if this message is of a channel whose notes have it for themselves."""
        return bool(message) and 0x80 <= message[0] < 0xF0 and self._members.number(message[0] & 0x0F) > 0

    def _may_lay_out(self, channel: int) -> bool:
        return channel in (LOWER, UPPER) and self._table.listens

    def _lay_out(self, manager: int, members: int) -> list[Out]:
        """The input says how large one of its zones is. Whatever sounds ends, and bends reach as far as at first."""
        if members > MOST_MEMBERS:
            return []
        before, out = self.layout, self.release()
        self.said = before.with_zone(manager, members)
        self._members.lay_out(self.said)
        self._members.forget_range(manager)
        return out if self.said == before else [*out, MpeZones(self.name, *self.said)]

    def _member_moves(self, channel: int, message: bytes, data: Data | None) -> list[Out]:
        """Anything but a note, from a member. What is for a whole zone comes from its manager."""
        number = message[1] if message[0] & 0xF0 == CONTROL else 0
        if number == RESET_CONTROLLERS:
            self._members.forget_bends([channel])
            return self._bring_to_rest([rest for rest, source in self._away.items() if source >> 8 == channel])
        if ends_notes(number):
            return self._let_go(self._keys_of(channel))
        out: list[Out] = []
        for of, touch in self._members.moved(message, data, self._table.touches[self._members.managers[channel]]):
            self._remember(of << 8, touch._replace(value=0), touch.value == 0)
            out.append(touch)
        return out

    # ---- controllers ----------------------------------------------------------------

    def lets_go(self, message: bytes) -> bool:
        """True if this is a pedal on its way up that holds something."""
        moved = self._moved(message)
        if moved is None:
            return False
        source, value = moved
        return any(values[value] < _DOWN for values in self._pedals.get(source, {}).values())

    def learn_from(self, message: bytes) -> None:
        """What this source has just learned to command, it commands when it rises anew."""
        moved = self._moved(message)
        assert moved is not None
        self._values[moved[0]] = moved[1]
        self._rising.add(moved[0])

    def _moved(self, message: bytes) -> tuple[int, int] | None:
        """The source that a message moves, and where to."""
        if len(message) != LENGTHS.get(message[0] & 0xF0 if message else 0) or max(message[1:]) > 127:
            return None
        moved = source_of(message)
        return None if moved is None else ((message[0] & 0x0F) << 8 | moved[0], moved[1])

    def _move(self, channel: int, message: bytes) -> list[Out]:
        moved = source_of(message)
        assert moved is not None
        source, value = channel << 8 | moved[0], moved[1]
        out: list[Out] = []
        earlier = self._values.get(source)
        self._values[source] = value
        if earlier is not None and value < min(earlier, _DOWN):
            self._rising.discard(source)
        held = self._pedals.pop(source, None)
        for part, target in self._table.controls[channel][source & 0xFF]:
            sent = target.values[value]
            if target.kind == "itself" and part is not None:
                out.append(self._itself(source, part, message))
            elif target.kind == "controller" and part is not None:
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
            self._remember(source, message[:2] + bytes((_RESTS[number],)), value == _RESTS[number])
        return message

    def _settle(self, source: int, part: int, number: int, value: int) -> None:
        """Remember where something that stays was before another controller than its own moved it."""
        if source & 0xFF == number:
            self._own[part, number] = value
            self._put.pop((part, number), None)
        else:
            before = self._own.get((part, number), _SETTLED[number])
            self._put.setdefault((part, number), (source, before))

    def _itself(self, source: int, part: int, message: bytes) -> bytes:
        """Bend or pressure."""
        kind = message[0] & 0xF0
        start, rest = bytes((kind | part,)), _BEND_REST if kind == BEND else _PRESSURE_REST
        self._remember(source, start + rest, message[1:] == rest)
        return start + message[1:]

    def _remember(self, source: int, rest: Out, is_at_rest: bool) -> None:
        if is_at_rest:
            self._away.pop(rest, None)
        else:
            self._away[rest] = source

    def _mode(self, channel: int, message: bytes) -> list[Out]:
        """All notes off and the like: what this channel holds ends, wherever it is, and its parts hear of it."""
        number = message[1]
        out: list[Out] = []
        if ends_notes(number):
            out += self._let_go([key for other in self._members.led_by(channel) for key in self._keys_of(other)])
        elif number == RESET_CONTROLLERS:
            out += self._raise_pedals([source for source in self._pedals if source >> 8 == channel])
            self._members.forget_bends(self._members.led_by(channel))
        parts = self._table.parts[channel]
        return out + [bytes((CONTROL | part, number, message[2])) for part in parts]

    # ---- letting go -----------------------------------------------------------------

    def release(self) -> list[Out]:
        """The messages that let go of everything, and bring every wheel to rest; all is forgotten."""
        out = self._let_go(sorted(self._keys)) + self._raise_pedals(sorted(self._pedals))
        out += self._away
        self._away.clear()
        self._members.forget_bends(range(CHANNELS))
        self._values.clear()
        self._rising.clear()
        return out

    def _keys_of(self, channel: int) -> list[int]:
        return sorted(source for source in self._keys if source >> 8 == channel)

    def _bring_to_rest(self, messages: list[Out]) -> list[Out]:
        for rest in messages:
            del self._away[rest]
        return messages

    def _let_go(self, sources: list[int]) -> list[Out]:
        return [message for source in sources for message in self._note_off(source, _DOWN)]

    def _raise_pedals(self, sources: list[int]) -> list[Out]:
        return [bytes((CONTROL | part, number, 0)) for source in sources for part, number in self._pedals.pop(source)]
