# SPDX-License-Identifier: Apache-2.0
"""Voices in notebooks: as HTML, and as sound in an audio player. Nothing but a browser is needed to show them.

play(render(patch))                  # any array of samples
play(patch, note=48, hold=2.0)       # or patch.listen(note=48, hold=2.0); also a Preset or an OperatorGraph
"""

from __future__ import annotations

import base64
import io
import wave
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth.checks import checked_seconds, checked_whole
from synth.operator_graph import OperatorGraph
from synth.patch import Patch
from synth.preset import Preset
from synth.rendering import render
from synth.voicesheet import brief, common_lines, operator_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from synth.bank import Bank

_FULL: Final = 32767  # of 16-bit samples
_STEREO: Final = 2
_CELL: Final = 'style="text-align: left; padding: 0 0.8em 0 0"'


class Player:
    """A sound that notebooks show as an audio player.

    `audio`: float32 (T,) or (T, 2). `wav`: a WAV file's bytes, 16 bits; sounds that go beyond full scale are turned
    down to it. Players compare and hash by content.
    """

    __slots__ = ("audio", "sample_rate", "title")

    def __init__(self, audio: ArrayLike, sample_rate: float = 48000, title: str = "") -> None:
        self.audio = _samples(audio)
        self.sample_rate = checked_whole("sample_rate", sample_rate, 1, 2**31 - 1)
        self.title = title

    def _content(self) -> tuple[object, ...]:
        return self.audio.shape, self.audio.tobytes(), self.sample_rate, self.title

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, Player) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.audio, self.sample_rate, self.title)

    @property
    def wav(self) -> bytes:
        """The sound as the bytes of a WAV file."""
        loudest = max(1.0, float(np.abs(self.audio).max(initial=0.0)))
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(self.audio.ndim)
            writer.setsampwidth(2)
            writer.setframerate(self.sample_rate)
            writer.writeframes(np.rint(self.audio * (_FULL / loudest)).astype("<i2").tobytes())
        return file.getvalue()

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.wav).decode("ascii")
        title = f"<figcaption>{escape(self.title)}</figcaption>" if self.title else ""
        return f'<figure style="margin: 0">{title}<audio controls src="data:audio/wav;base64,{data}"></audio></figure>'

    def __repr__(self) -> str:
        named = f"{self.title!r}, " if self.title else ""
        return f"<Player {named}{len(self.audio) / self.sample_rate:.2f} s at {self.sample_rate} Hz>"


def play(
    sound: Patch | Preset | OperatorGraph | ArrayLike,
    sample_rate: float = 48000,
    *,
    note: int = 60,
    velocity: int = 100,
    hold: float = 1.0,
    tail: float = 0.5,
    kernel: str = "chip",
) -> Player:
    """A player for samples, (T,) or (T, 2) floats, or for one note of a voice or a graph, rendered as by `render`.

    Raises ValueError or TypeError naming the argument.
    """
    if isinstance(sound, OperatorGraph):
        whole = checked_seconds("hold + tail", checked_seconds("hold", hold) + checked_seconds("tail", tail))
        audio = sound.render(sample_rate, note, velocity, hold, whole, kernel)
        return Player(audio, sample_rate)
    if isinstance(sound, Preset):
        sound = sound.to_patch()
    if not isinstance(sound, Patch):
        return Player(sound, sample_rate)
    audio = render(sound, note, velocity, hold, tail, sample_rate, kernel)
    return Player(audio, sample_rate, sound.display_name)


def patch_html(patch: Patch) -> str:
    """A voice as HTML: its name, its algorithm drawn, and its settings."""
    heading, *rows = operator_table(patch)
    return (
        f"<div><strong>{escape(patch.display_name)}</strong>"
        f'<div style="overflow-x: auto">{patch.to_svg()}</div>'
        f"<div>{'<br>'.join(escape(line) for line in common_lines(patch))}</div>"
        f"{_table(heading, rows)}</div>"
    )


def bank_html(bank: Bank) -> str:
    """A bank as an HTML table."""
    rows = []
    for number, patch in enumerate(bank, 1):
        voice = brief(patch)
        heard = "".join(map(str, voice["carriers"]))
        rows.append(
            (str(number), patch.display_name, str(voice["algorithm"]), heard, str(patch.feedback), voice["lfo"])
        )
    table = _table(("", "name", "algorithm", "carriers", "feedback", "LFO"), rows)
    return f"<div><strong>{escape(bank.source)}</strong>{table}</div>" if bank.source else table


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th {_CELL}>{escape(text)}</th>" for text in heading)
    body = "".join(f"<tr>{''.join(f'<td {_CELL}>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _samples(audio: ArrayLike) -> NDArray[np.float32]:
    samples = np.asarray(audio)
    if samples.dtype.kind != "f":
        raise TypeError(f"audio must be floats, 1.0 being full scale, not {samples.dtype.name} values.")
    if samples.ndim not in (1, _STEREO) or samples.shape[1:] not in ((), (_STEREO,)):
        raise ValueError(f"audio must have the shape (T,) or (T, 2), not {samples.shape}.")
    with np.errstate(over="ignore"):
        singles = samples.astype(np.float32)
    if not np.isfinite(singles).all():
        raise ValueError("audio must have finite samples only, also as float32.")
    return singles
