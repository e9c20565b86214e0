# SPDX-License-Identifier: Apache-2.0
"""Every DX7 voice in a file of any kind, and a list of what was wrong with it.

    voices = load_voices("found on the net.syx")
    for problem in voices.problems:
        print(problem)

Understood are banks and single voices as messages, any number of them with anything in between; raw banks of 4096
bytes (and multiples) and raw voices of 155, 156 or 128 bytes without a header; MIDI files; a MacBinary header.
Damage that leaves voices readable is repaired and reported; what is no DX7 voice is named and left alone.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from . import packing, plausible, smf, sysex
from .errors import VoiceError, VoiceFileNotFoundError
from .files import Source, read_source
from .packing import Bytes
from .parameters import ALL_OPERATORS_ON, PACKED_SIZE, VOICE_SIZE
from .patch import Patch
from .sysex import BANK_SIZE, BANK_VOICES, FORMATS, HEADER_SIZE, Kind, Message
from .voicebytes import describe_repairs, read_switches

Severity = Literal["repaired", "ignored", "refused"]

LARGEST_FILE = 64 << 20  # bytes; all DX7 voices ever collected fit several times
_MACBINARY_SIZE = 128
_EQUAL = 100  # problems told one by one that differ in nothing but their place
_REMEDY = "Dump it again as a DX7 bank (4104 bytes) or a single voice (163 bytes)."


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that is not as it should be."""

    what: str  #: in words
    severity: Severity  #: repaired: the voice is there; ignored: no DX7 voice; refused: a voice that could not be read
    offset: int  #: byte of the file where it starts
    voice: int | None = None  #: number of the voice in the result, counted from 1

    @property
    def where(self) -> str:
        """``voice 3, byte 390`` or ``byte 4102``."""
        return f"byte {self.offset}" if self.voice is None else f"voice {self.voice}, byte {self.offset}"

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.severity})"


@dataclass(frozen=True, slots=True)
class Block:
    """Voices that came together: one message or one raw bank."""

    kind: Kind
    offset: int  #: byte of the file where the block starts
    first: int  #: index of its first voice in the result
    count: int  #: how many voices it gave


class VoiceList(list[Patch]):
    """The voices of a file, in order, with where they came from and what was wrong."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.problems: list[Problem] = []
        self.blocks: list[Block] = []


def load_voices(source: Source) -> VoiceList:
    """Every DX7 voice in a file or in bytes.

    Raises:
        VoiceError: there is none, or the file cannot be read; says which file, where, what it is and what to do.
            A file that is not there is a FileNotFoundError as well.
    """
    name, data = read_source(source, LARGEST_FILE, "a file of voices", VoiceError, VoiceFileNotFoundError)
    if not data:
        raise VoiceError(f"{name} is empty. {_REMEDY}")
    reader = _Reader(data, VoiceList(name))
    reader.read()
    if not reader.voices:
        raise VoiceError(_refusal(name, data, reader))
    return reader.voices


def _refusal(name: str, data: bytes, reader: "_Reader") -> str:
    """Why a file gave no voice at all: the most telling problem first."""
    problems = reader.voices.problems
    refused = [problem for problem in problems if problem.severity == "refused"] or problems
    if not refused:
        return f"{name} holds no DX7 voice; byte 0: {plausible.describe(data)}. {_REMEDY}"
    first = refused[0]
    count = sum(count for (_, severity), count in reader.equal.items() if severity == first.severity)
    more = f" (and {count - 1} more like it)" if count > 1 else ""
    return f"{name} holds no DX7 voice; {first.where}: {first.what}{more}. {_REMEDY}"


@dataclass(slots=True)
class _Skipped:
    """Messages of one kind that hold no voice."""

    first: Message
    offset: int
    count: int = 0
    size: int = 0  # bytes of all of them


@dataclass
class _Reader:
    """Collects voices and problems from one file; offsets are those of the whole file."""

    data: bytes
    voices: VoiceList
    base: int = 0  # where the data being read starts in the file
    skipped: dict[str, _Skipped] = field(default_factory=dict)  # by what they are
    equal: Counter[tuple[str, Severity]] = field(default_factory=Counter)  # problems of no voice

    def read(self) -> None:
        data = self.data
        if _is_macbinary(data):
            self._problem("a MacBinary header of 128 bytes", "ignored", 0)
            size = int.from_bytes(data[83:87], "big")
            self.base, data = _MACBINARY_SIZE, data[_MACBINARY_SIZE : _MACBINARY_SIZE + size]
        if smf.is_midi_file(data):
            self._midi_file(data)
        elif data[0] != sysex.START and not sysex.DUMP_HEADER.search(data):
            self._raw(data)
        else:
            self._messages(data, 0)
        self._report_skipped()
        self._report_equal()

    # -- containers ------------------------------------------------------------

    def _midi_file(self, data: bytes) -> None:
        song = smf.read(data)
        found = [event for track in song.tracks for event in track if event.data[0] == smf.EXCLUSIVE]
        for event in found:
            self._messages(event.data, event.offset)
        for offset, what in song.damage:
            self._problem(f"the MIDI file is damaged: {what}", "ignored", offset)
        if not found:
            self._problem("a MIDI file without system exclusive messages", "ignored", 0)

    def _messages(self, data: bytes, offset: int) -> None:
        for found in sysex.messages(data):
            at = offset + found.offset
            if found.kind is Kind.VOICE:
                self._voice(replace(found, offset=at))
            elif found.kind is Kind.BANK:
                self._bank(replace(found, offset=at))
            elif found.kind is Kind.JUNK and sysex.DUMP_BODY.search(found.data):
                self._problem("a DX7 dump whose first byte is not F0", "refused", at)
            else:
                same = found.kind.value if found.kind in (Kind.PARAMETER, Kind.JUNK) else found.title
                skipped = self.skipped.get(same) or self.skipped.setdefault(same, _Skipped(found, at))
                skipped.count += 1
                skipped.size += len(found.data)

    def _report_skipped(self) -> None:
        for what, skipped in self.skipped.items():
            first = skipped.first
            if first.kind is Kind.JUNK:
                told = f"{skipped.size} bytes outside any message ({_hex(first.data)})"
                self._problem(told, "ignored", skipped.offset)
            else:
                title = first.title if skipped.count == 1 else f"{skipped.count} times {what}"
                self._problem(f"{title}, not a DX7 voice", "ignored", skipped.offset)

    def _report_equal(self) -> None:
        for (what, severity), count in self.equal.items():
            if count > _EQUAL:
                last = f"the same as before, {count - _EQUAL} times more: {what}"
                self.voices.problems.append(Problem(last, severity, self.base))

    # -- blocks of voices --------------------------------------------------------

    def _voice(self, message: Message) -> None:
        body = self._body(message)
        if len(body) < VOICE_SIZE:
            self._problem(f"a DX7 voice cut short after {len(body)} of {VOICE_SIZE} bytes", "refused", message.offset)
            return
        voice = np.frombuffer(body[:VOICE_SIZE], np.uint8)[None]
        self._add(Kind.VOICE, message.offset, message.offset + HEADER_SIZE, voice)

    def _bank(self, message: Message) -> None:
        body = self._body(message)
        whole = min(len(body) // PACKED_SIZE, BANK_VOICES)
        if whole < BANK_VOICES:
            self._problem(
                f"a DX7 bank cut short after {len(body)} of {BANK_SIZE} bytes: {whole} whole voices,"
                f" {BANK_VOICES - whole} missing",
                "refused",
                message.offset,
            )
        if whole:
            records = np.frombuffer(body[: whole * PACKED_SIZE], np.uint8).reshape(whole, PACKED_SIZE)
            if plausible.is_text(records.tobytes()) or plausible.is_four_operator(records).mean() > 0.5:
                what = plausible.describe(records.tobytes())
                self._problem(f"{what} in the envelope of a DX7 bank", "refused", message.offset)
            else:
                self._add_packed(message.offset, message.offset + HEADER_SIZE, records)

    def _body(self, message: Message) -> bytes:
        """The data of a dump, with everything that is wrong around it reported."""
        size = FORMATS[message.data[3]].size
        body, offset = message.body, message.offset
        claimed = message.data[4] * 128 + message.data[5] if len(message.data) >= HEADER_SIZE else size
        if claimed != size:
            self._problem(f"the header says {claimed} bytes; a {message.title} has {size}", "repaired", offset + 4)
        end = offset + HEADER_SIZE + size
        if len(body) >= size and not message.complete:
            self._problem("the F7 that ends a message is missing", "repaired", end + 1)
        if len(body) == size:
            self._problem("the checksum is missing", "repaired", end)
        elif len(body) > size:
            right = sysex.checksum(body[:size])
            if body[size] != right:
                self._problem(
                    f"wrong checksum {body[size]:02X}, should be {right:02X}: values may be damaged", "repaired", end
                )
            if len(body) > size + 1:
                self._problem(f"{len(body) - size - 1} bytes too many before F7", "ignored", end + 1)
        return body

    def _raw(self, data: bytes) -> None:
        size = len(data)
        extra = size % BANK_SIZE
        if size in (VOICE_SIZE, VOICE_SIZE + 1):
            voice = np.frombuffer(data[:VOICE_SIZE], np.uint8)[None]
            if plausible.is_foreign(voice).any() or plausible.is_text(data):
                self._no_voice(data)
            else:
                self._add(Kind.VOICE, 0, 0, voice, read_switches(data) if size > VOICE_SIZE else ALL_OPERATORS_ON)
        elif size == PACKED_SIZE or (size >= BANK_SIZE and extra <= 3):
            records = np.frombuffer(data[: size - extra if size > PACKED_SIZE else size], np.uint8)
            records = records.reshape(-1, PACKED_SIZE)
            for start in range(0, len(records), BANK_VOICES):
                self._raw_bank(records[start : start + BANK_VOICES], start * PACKED_SIZE)
            if size > PACKED_SIZE and extra:
                self._problem(f"{extra} bytes after the last voice", "ignored", size - extra)
        elif sysex.DUMP_BODY.match(data[1:]):
            self._problem(f"a DX7 dump whose first byte is {data[0]:02X}, not F0", "refused", 0)
        else:
            self._no_voice(data)

    def _raw_bank(self, records: Bytes, offset: int) -> None:
        foreign = plausible.is_foreign(packing.unpack(records), packing.spare_bits(records))
        four_operator = plausible.is_four_operator(records)
        if plausible.is_text(records.tobytes()) or (foreign | four_operator).mean() > 0.5:
            self._no_voice(records.tobytes(), offset)
        else:
            self._add_packed(offset, offset, records)

    def _no_voice(self, data: bytes, offset: int = 0) -> None:
        self._problem(f"{plausible.describe(data)}, not DX7 voices", "refused", offset)

    # -- voices ------------------------------------------------------------------

    def _add_packed(self, block: int, offset: int, records: Bytes) -> None:
        self._add(Kind.BANK, block, offset, packing.unpack(records), spare=packing.spare_bits(records))

    def _add(
        self,
        kind: Kind,
        block: int,
        offset: int,
        given: Bytes,
        switches: int = ALL_OPERATORS_ON,
        spare: Bytes | None = None,
    ) -> None:
        """Append voices as found, ``(n, 155)``, repaired where necessary. offset: of the first one's first byte."""
        legal = packing.clamp(given)
        suspicious = (given != legal).any(axis=1)
        foreign = plausible.is_foreign(given, spare)
        if spare is not None:
            suspicious |= spare.any(axis=1)
            foreign |= plausible.is_four_operator(packing.pack(legal)) & suspicious
        first = len(self.voices)
        for index in np.flatnonzero(suspicious | foreign):
            what = _describe(given[index], legal[index], None if spare is None else spare[index])
            if foreign[index]:
                what = f"hardly a DX7 voice: {what or 'all values are the same'}"
            self._problem(what, "repaired", offset + int(index) * PACKED_SIZE, first + int(index) + 1)
        self.voices.extend(Patch._of(voice.tobytes(), switches) for voice in legal)
        self.voices.blocks.append(Block(kind, self.base + block, first, len(legal)))

    def _problem(self, what: str, severity: Severity, offset: int, voice: int | None = None) -> None:
        if voice is None:
            self.equal[what, severity] += 1
            if self.equal[what, severity] > _EQUAL:
                return
        self.voices.problems.append(Problem(what, severity, self.base + offset, voice))


def _describe(given: Bytes, legal: Bytes, spare: Bytes | None) -> str:
    parts = []
    if spare is not None:
        high, unused = np.count_nonzero(spare & 0x80), np.count_nonzero(spare & 0x7F)
        parts += [f"bit 7 set in {high} bytes"] if high else []
        parts += [f"unused bits set in {unused} bytes"] if unused else []
    if (given != legal).any():
        parts.append(f"out of range: {describe_repairs(given, legal)}")
    return "; ".join(parts)


def _is_macbinary(data: bytes) -> bool:
    """A MacBinary header: zeros at 0, 74 and 82, a name of 1..63 characters, a data fork that fits the file."""
    if len(data) <= _MACBINARY_SIZE or data[0] or data[74] or data[82] or not 1 <= data[1] <= 63:
        return False
    return 0 < int.from_bytes(data[83:87], "big") <= len(data) - _MACBINARY_SIZE


def _hex(data: bytes) -> str:
    shown = data[:8].hex(" ").upper()
    return f"{shown} ..." if len(data) > 8 else shown
