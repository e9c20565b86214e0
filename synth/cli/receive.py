# SPDX-License-Identifier: Apache-2.0
"""`sixop receive`: what an instrument sends, as a file."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import fail, note, silent_libraries, tell, usage
from synth.cli.values import choice, number, whole
from synth.files import create, next_take, replacing, why_not_written

if TYPE_CHECKING:
    from synth.midi.gear import Inlet
    from synth.midi.receiving import Receiver

_LONGEST_SECONDS = 7 * 24 * 3600
_WAITING_READS = 64  # at the end: more than a system buffers
_ANSWER_SECONDS = 5.0  # for a dump that was asked for; a bank takes 1.3 s on its cable
_CABLE = "interfaces that drop bytes are common among cheap USB cables: send it again, or try another one"


class Dump(StrEnum):
    """What can be asked for."""

    VOICE = "voice"
    BANK = "bank"

    @property
    def number(self) -> int:
        """The number of its format in a request."""
        return 0 if self is Dump.VOICE else 9


def receive(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="The file of what arrives.")] = None,
    midi: Annotated[
        str | None,
        typer.Option(metavar="NAME|virtual|PATH", help="The MIDI input, a port of our own, or a raw device."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(parser=number("--seconds", 0, _LONGEST_SECONDS, "seconds"), metavar="S", help="End after S."),
    ] = None,
    count: Annotated[
        int | None, typer.Option(parser=whole("--count", 1, 1_000_000), metavar="N", help="End after N dumps.")
    ] = None,
    request: Annotated[
        str | None, choice("--request", Dump, "Ask for it first, as the TX7, the DX7II and others understand it.")
    ] = None,
    midi_out: Annotated[
        str | None, typer.Option(metavar="NAME|PATH", help="The output for the request. [default: as --midi]")
    ] = None,
    channel: Annotated[
        int, typer.Option(parser=whole("--channel", 1, 16), metavar="N", help="The channel of the request.")
    ] = 1,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Keep what an instrument sends: voices and banks, until Ctrl-C, --seconds or --count.

    Dumps with a wrong length or checksum are told and not kept. The file is replaced as a whole whenever something
    has arrived, so it is never half of anything.
    """
    if out is None:
        usage("-o FILE says where to keep what arrives")
    if not midi or not midi.strip():
        usage(f"--midi says what to listen to; {_inputs()}; virtual makes a port of our own")
    if request and midi == "virtual" and not midi_out:
        usage("--request needs --midi-out NAME when --midi is virtual: nobody knows who is connected to such a port")
    if out.exists() and not out.is_file():
        fail(f"{str(out)!r} is no ordinary file: name another one")
    if out.exists() and not force:
        fail(f"{str(out)!r} is already there: choose another name, or replace it with --force")
    if not out.absolute().parent.is_dir():
        fail(f"cannot write {str(out)!r}: there is no such folder; make it first")
    wanted = count or (1 if request else None)
    from synth.midi.receiving import Receiver

    with silent_libraries():
        from synth.midi.gear import open_inlet

        inlet = open_inlet(midi)
    receiver = Receiver()
    try:
        if request:
            _ask(midi_out or midi, Dump(request), channel)
            seconds = _ANSWER_SECONDS if seconds is None else seconds
        end = "Ctrl-C ends" if seconds is None and wanted is None else "Ctrl-C ends it before"
        note(context, f"listening to {inlet.name}; {end}")
        with _stoppable() as stop:
            place = Place(out, force)
            gone = _listen(context, inlet, receiver, stop, place, seconds, wanted)
            out = place.path
    finally:
        inlet.close()
    _finish(context, receiver, out, inlet.name, gone, bool(request), as_json)


def _inputs() -> str:
    with silent_libraries():
        from synth.midi.apis import new_input
        from synth.midi.gear import known_names, there_are

        return there_are(known_names(new_input))


def _ask(name: str, dump: Dump, channel: int) -> None:
    """Send the request for a dump."""
    from synth.midi.gear import open_outlet, send_paced
    from synth.midi.outgoing import request_for

    with silent_libraries():
        outlet = open_outlet(name)
    try:
        send_paced(outlet, [request_for(dump.number, channel)], 0, lambda _done, _total: None)
    finally:
        outlet.close()


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Within: signals that end a program are noted in the list, and nothing is interrupted."""
    stop: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda number, _frame: stop.append(number)) for number in numbers}
    try:
        yield stop
    finally:
        for signal_number, handler in before.items():
            signal.signal(signal_number, handler)


def _listen(
    context: typer.Context,
    inlet: Inlet,
    receiver: Receiver,
    stop: list[int],
    out: Place,
    seconds: float | None,
    count: int | None,
) -> bool:
    """Take what comes, and keep it as it comes; True if the input went away."""
    poll_seconds, look_seconds = 0.001, 1.0
    now = time.monotonic()
    end, look = now + (float("inf") if seconds is None else seconds), now + look_seconds
    gone = False
    while not (stop or gone or now >= end or (count is not None and len(receiver.kept) >= count)):
        data = inlet.poll()
        now = time.monotonic()
        _tell_arrivals(context, receiver, data, now, count)
        if data is None:
            _keep(receiver, out)
            if now >= look:
                gone, look = inlet.gone(), now + look_seconds
            time.sleep(poll_seconds)
    if count is None or len(receiver.kept) < count:
        for _ in range(_WAITING_READS):  # what had come before the end was asked for
            if (data := inlet.poll()) is None:
                break
            _tell_arrivals(context, receiver, data, time.monotonic(), count)
        _tell_arrivals(context, receiver, None, float("inf"), count)
    _keep(receiver, out)
    return gone


def _tell_arrivals(
    context: typer.Context, receiver: Receiver, data: bytes | None, now: float, count: int | None
) -> None:
    known = len(receiver.kept)
    for arrival in receiver.take(data, now, count):
        channel = f", channel {arrival.channel}" if arrival.channel else ""
        names = f": {', '.join(name or 'unnamed' for name in arrival.voices)}" if arrival.voices else ""
        if arrival.damage:
            tell(f"{arrival.title}{channel}, {arrival.damage}; not kept ({_CABLE})")
        else:
            known += 1
            note(context, f"{known}. {arrival.title}{channel}, {len(arrival.data)} bytes{names}")
        for problem in arrival.problems:
            note(context, f"{arrival.title}: {problem}")


class Place:
    """Where dumps are kept: a file that nobody else has made meanwhile, unless it may be replaced."""

    def __init__(self, path: Path, replace: bool) -> None:
        self.path = path
        self._ours = replace

    def write(self, data: bytes) -> None:
        """Write all of it anew, or into the first free file after this one: what has arrived must not be lost.

        Raises:
            OSError, ValueError: it cannot be written.
        """
        while not self._ours:
            try:
                create(self.path, data)
                self._ours = True
                return
            except FileExistsError:
                taken, self.path = self.path, Path(next_take(str(self.path)))
                tell(f"{str(taken)!r} was made by somebody else meanwhile: {str(self.path)!r} keeps what arrives")
        with replacing(self.path) as place:
            place.write_bytes(data)


def _keep(receiver: Receiver, out: Place) -> None:
    """Write the file anew if something has arrived since."""
    if receiver.saved == len(receiver.kept):
        return
    try:
        out.write(b"".join(arrival.data for arrival in receiver.kept))
    except (OSError, ValueError) as error:
        fail(f"cannot write {str(out.path)!r}: {why_not_written(error)}")
    receiver.saved = len(receiver.kept)


def _finish(
    context: typer.Context, receiver: Receiver, out: Path, port: str, gone: bool, asked: bool, as_json: bool
) -> None:
    if receiver.ignored:
        note(context, f"{receiver.ignored} messages were no dumps (parameter changes, requests) and not kept")
    if as_json:
        print(
            json.dumps(
                {
                    "file": str(out) if receiver.kept else None,
                    "port": port,
                    "messages": [arrival.as_dict() for arrival in receiver.kept],
                    "damaged": [arrival.as_dict() for arrival in receiver.damaged],
                    "ignored": receiver.ignored,
                }
            )
        )
    elif receiver.kept:
        voices = sum(len(arrival.voices) for arrival in receiver.kept)
        size = sum(len(arrival.data) for arrival in receiver.kept)
        print(f"{out}: {_several(len(receiver.kept), 'dump')}, {_several(voices, 'voice')}, {size} bytes")
    if gone:
        tell(f"MIDI input {port!r} went away")
    if not receiver.kept:
        unanswered = (
            "; the first DX7 answers no request: its buttons FUNCTION 8, 8, YES, 8, YES send the bank" if asked else ""
        )
        tell(f"no dump arrived, {str(out)!r} was not written{unanswered}")
    if gone or receiver.damaged or not receiver.kept:
        raise typer.Exit(1)


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
