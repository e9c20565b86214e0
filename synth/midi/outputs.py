# SPDX-License-Identifier: Apache-2.0
"""What goes out to other instruments: tables of plain data, the same in settings, in `Session` and between processes.

port         words of an output's name, its whole name, or "virtual": a port of our own; alone it must be there
part         the part whose playing goes out, 1..16, or "all"
thru         instead: words of an input's name; what it sends goes out as it came, whatever its zones say
channel      the channel on which it goes out, 1..16, or "same": part n on channel n
transpose    semitones, of keys
sends        what goes out: some of `SENDS`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from synth.checks import excerpt
from synth.matching import hint
from synth.midi.keyed import Reader, TableError, read_keys, whole

SENDS: Final = ("notes", "controllers", "bend", "pressure", "programs", "banks", "voices")
"""Controllers are without bank select, which is `banks`; `voices` are SysEx: the voice itself, whenever it changes, and
function parameters."""
USUAL: Final = SENDS[:-1]
_MOST_SEMITONES = 120


@dataclass(frozen=True)
class Output:
    """One table, checked. Part and channel are 1-based; None is all of them, and the same channel."""

    port: str
    part: int | None = None
    thru: str = ""
    channel: int | None = None
    transpose: int = 0
    sends: tuple[str, ...] = USUAL


def read_output(table: object) -> Output:
    """The output that a table describes; a text is the name of a port.

    Raises:
        TableError: something in it is not allowed.
    """
    if isinstance(table, str):
        table = {"port": table}
    if not isinstance(table, Mapping):
        raise TableError("", f"must be the name of a port or a table, as {{ port = 'TX7' }}, not {excerpt(table)}")
    read = read_keys(table, _READERS, "an output")
    if "port" not in read:
        raise TableError("port", "is missing: words of an output's name (`sixop devices` lists them), or 'virtual'")
    output = Output(**read)
    if output.thru and (output.part is not None or "voices" in output.sends):
        wrong = "part" if output.part is not None else "sends"
        raise TableError(wrong, "does not go with thru, which passes on what an input sends; leave one of the two out")
    return output


def read_outputs(tables: Sequence[object]) -> tuple[list[Output], list[tuple[int, TableError]]]:
    """The outputs that are right, and what is wrong with the others, each with its index."""
    outputs: list[Output] = []
    wrong: list[tuple[int, TableError]] = []
    for index, table in enumerate(tables):
        try:
            output = read_output(table)
            if output in outputs:
                raise TableError("", "is there twice, and would play every note twice; leave one of the two out")
        except TableError as error:
            wrong.append((index, error))
        else:
            outputs.append(output)
    return outputs, wrong


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not (value.isprintable() and len(value) < 256):
        raise ValueError(f"must be words of a port's name (`sixop devices` lists them), not {excerpt(value)}")
    return value.strip()


def _sends(value: object) -> tuple[str, ...]:
    words = value if isinstance(value, list | tuple) else [value]
    if not words:
        raise ValueError(f"must be some of {', '.join(SENDS)}")
    for word in words:
        if word not in SENDS:
            raise ValueError(f"must be some of {', '.join(SENDS)}, not {excerpt(word)}; {hint(word, SENDS)}")
    return tuple(word for word in SENDS if word in words)


_READERS: dict[str, Reader] = {
    "port": _name,
    "part": whole(1, 16, "all"),
    "thru": _name,
    "channel": whole(1, 16, "same"),
    "transpose": whole(-_MOST_SEMITONES, _MOST_SEMITONES),
    "sends": _sends,
}
assert list(_READERS) == [field.name for field in fields(Output)]
