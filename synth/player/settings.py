# SPDX-License-Identifier: Apache-2.0
"""What a face asks of a player: plain data, sent as the first line over the socket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from synth.patch import Patch
from synth.producer import PARTS as PARTS

CHANNELS = ("stereo", "mono")
Value = TypeVar("Value")

AUDIO_LOST = 70
"""Exit code of a player whose audio server died: start another."""

AUDIO_BACK = 71
"""Exit code of a player whose proper audio device has come: start another, on that one."""

PATIENCE_SECONDS = 2.0
"""So long a player that replaces another waits for the same device before it takes any other."""

ANY_DEVICE = "any audio device"
"""What is waited for where none was there and none was named."""

COUNTERS = (
    *("frames", "native_frames", "blocks", "underflows", "events"),
    *("notes_on", "notes_stolen", "notes_dropped", "late_events", "record_lost"),
    *("rendering_ns", "live_events", "waiting_ns"),
)
"""Of the meters, those that count up from a player's first block; the others are states."""

PEAKS = ("peak", "load_peak", "wait_peak")
"""Of the meters, the highest values there were."""

DEFAULT_VOLUME_DB = -12.0
"""Room for a few dozen voices: one carrier at full level is 0 dB."""


def pack_voices(voices: Iterable[Patch]) -> list[str]:
    """Voices as text: the 156 bytes of each in hexadecimal, operator switches and all."""
    return [voice.to_sysex().hex() for voice in voices]


def unpack_voices(texts: Iterable[str]) -> list[Patch]:
    """The inverse of `pack_voices`."""
    return [Patch.from_sysex(bytes.fromhex(text)) for text in texts]


def by_part(values: Mapping[str, Value]) -> dict[int, Value]:
    """Settings that are said by part, with numbers for keys: in JSON they are text."""
    return {int(part): value for part, value in values.items()}


@dataclass
class Settings:
    """One player's worth of choices. `None` means: choose for me.

    Two threads of a session change them: what comes as an event, the one that hears it; what comes as a call, the
    caller's, which puts another table in the place of the old one, because the first may be copying that for a next
    player.
    """

    voices: list[str]
    """The voices to choose from, as `pack_voices` gives them; at least one."""
    bank_name: str = ""
    """Where they came from, for people."""
    number: int = 1
    """Voice selected for every part, 1-based."""
    sounds: dict[str, str] = field(default_factory=dict)
    """Part (0..15, as text) to a voice in hexadecimal that differs from the selected one."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Part (0..15, as text) to the voice number selected there, where it is not `number`."""
    audio: str | None = None
    """Device name, `none` for no device."""
    insist: bool = True
    """A named device that is missing is an error; else the best other one plays until it is there."""
    device: str | None = None
    """Name and host API of the device that was played on, where the next player belongs too."""
    last_rate: int | None = None
    """Hz of the player before this one: its recording goes on best at that."""
    rate: int | None = None
    """Hz."""
    frames: int | None = None
    """Frames per callback."""
    kernel: str = "chip"
    polyphony: int = 32
    output: str = "clean"
    volume_db: float = DEFAULT_VOLUME_DB
    channels: str = "stereo"
    """`stereo`, or `mono`: both sides are equal, whatever pan says."""
    limiter: bool = False
    """Limit the output smoothly before the clamp does it."""
    part_volumes: dict[str, float] = field(default_factory=dict)
    """Part (0..15, as text) to its volume in dB, -96 to 12, where it is not 0."""
    pans: dict[str, float] = field(default_factory=dict)
    """Part (0..15, as text) to where it stands, -1 (left) to 1, where it is not in the middle."""
    tuning: list[float | None] | None = None
    """What the 128 keys sound, as in `Tuning.hertz`."""
    retuned: dict[str, dict[str, float | None]] = field(default_factory=dict)
    """Part (0..15, as text) to the keys (0..127, as text) that a message tuned there, and what they sound."""
    mts_esp: bool = False
    """Sound as an MTS-ESP master says, while there is one."""
    functions: dict[str, dict[str, int]] = field(default_factory=dict)
    """Part (0..15, as text) to the function parameters that are not as parts begin, by name."""
    banks: dict[str, int] = field(default_factory=dict)
    """Part (0..15, as text) to the bank, from 0 on, that bank select chose for its program changes."""
    midi: list[str] = field(default_factory=lambda: ["auto"])
    zones: list[dict[str, Any]] = field(default_factory=list)
    """Which keys of which inputs play which part: tables as `synth/midi/zones.py` describes them."""
    zone_places: list[str] = field(default_factory=list)
    """Where each of them is written, for people; none if they are not from a file."""
    curve: str | int = "linear"
    """Velocity curve of zones that name none, or a fixed velocity."""
    mpe: str = "auto"
    """MPE zones of inputs whose zones name none: a word of `synth.midi.mpe.LAYOUTS`."""
    mpe_zones: dict[str, list[int]] = field(default_factory=dict)
    """Input to the members of its lower and upper MPE zone, as it has said itself."""
    midi_file: str | None = None
    demo: bool = False
    """Play the demo and end."""
    seconds: float | None = None
    """End after this much sound."""
    record: str | None = None
    """Path of a recording."""
    record_midi: str | None = None
    """Path of a MIDI file that records what is played."""
    targets: list[dict[str, Any]] = field(default_factory=list)
    """Other instruments that play the same voices: the arguments of a `TargetProcess` each."""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    """MIDI outputs that are played too: tables as `synth/midi/outputs.py` describes them."""
    followed: int = 0
    """Part (0..15) whose voice the targets play: the one that was given a voice last."""
    face: dict[str, int] = field(default_factory=dict)
    """What a face wants to find again on another evening, by names of its own; nothing to a player."""
    resume: bool = False
    """This player replaces one that lost its audio: wait for `audio` to return, append to the recording."""
    elapsed_seconds: float = 0.0
    """Sound that the players before this one have rendered: a song and `seconds` go on from there."""
