# SPDX-License-Identifier: Apache-2.0
"""The sentences of the plain face."""

from __future__ import annotations

import math

from synth.midi.learned import ITSELF
from synth.player.wire import Message

HELP = """\
 piano    z s x d c v g b h n j m              from C3
          q 2 w 3 e r 5 t 6 y 7 u i 9 o 0      an octave higher
          keys struck together are a chord, the next key ends the one before,
          a held key keeps sounding; with shift, notes are louder
 space    latch: notes stay until struck again
 , .      octave down, up
 arrows   or [ ] or - +: previous, next voice
 k        mono, poly
 l        learn: a controller, bend or pressure gets a task; l again for others
 a        meters of the audio: latency, load, missed blocks, level
 p        or Esc: panic, silence at once
 ?        this help
 Ctrl-C   or Ctrl-D: end"""


def audio_lines(event: Message) -> list[str]:
    """Two lines: device and rate, buffer and latency."""
    rate, frames, latency = event["rate"], event["frames"], event["latency_seconds"]
    if event["api"]:
        device = f"{event['device']} ({event['api']}), {rate} Hz"
    else:
        device = f"{event['device']}; unheard: --record OUT.wav keeps it"
    buffer = f"{frames} frames ({1000 * frames / rate:.1f} ms)" if frames else "of varying size"
    if not event["api"]:
        buffer += f" at {rate} Hz"
    if latency is not None:
        own = event["group_delay_seconds"]
        buffer += f", latency {1000 * latency:.1f} ms (the engine's {1000 * own:.1f})"
    buffer += f", load {_percent(event['load'])}, {event['underflows']} missed"
    return [f"audio   {device}", f"buffer  {buffer}"]


def midi_line(event: Message) -> str:
    """Which inputs are open, and which are waited for."""
    names = [f"{port['name']} ({port['api']})" for port in event["inputs"]]
    missing = [f"waiting for {name!r}" for name in event["missing"]]
    nothing = "none wanted" if event["requests"] == ["none"] else "no inputs yet; plug one in"
    return "midi    " + (", ".join(names + missing) or nothing)


def midi_change_lines(event: Message) -> list[str]:
    """What was plugged in or out."""
    lines = [f"midi    {name} is here" for name in event["opened"]]
    return lines + [f"midi    {name} has gone; its notes are released" for name in event["gone"]]


def mpe_line(event: Message) -> str:
    """What a keyboard has said of its MPE zones."""
    zones = [f"{event[name]} notes in its {name} zone" for name in ("lower", "upper") if event[name]]
    return (
        f"midi    {event['input'] or 'the input'}: MPE, {' and '.join(zones)}"
        if zones
        else (f"midi    {event['input'] or 'the input'}: MPE no more")
    )


def master_line(event: Message) -> str:
    """Who tunes the keys."""
    return f"tuning  MTS-ESP: {event['scale'] or 'a scale'}" if event["master"] else "tuning  the keys' own again"


def bank_line(event: Message) -> str:
    """Name and size of the bank."""
    count = len(event["voices"])
    return f"bank    {event['name']} ({count} voice{'' if count == 1 else 's'})"


def voice_line(event: Message) -> str:
    """Number and name of the voice, and the channel if it is for one only."""
    channel = "" if event["channel"] is None else f"  (channel {event['channel']})"
    edited = " (edited)" if event["edited"] else ""
    return f"voice   {event['number']} {event['name']}{edited}{channel}"


def learned_line(event: Message) -> str:
    """What is waited for, what has just been learned, or all of it."""
    if event["waiting"]:
        return f"learn   {_spoken(event['waiting'])}: move a controller, bend or press (l: next, Esc: none)"
    if event["controller"] is not None:
        return f"learn   {_source(event['controller'])} is {_spoken(event['target'])} from now on"
    known = ", ".join(f"{number} {_spoken(target)}" for number, target in event["controllers"].items())
    return f"learn   {known or 'no controller has learned anything'}"


def _source(source: int | str) -> str:
    return f"controller {source}" if isinstance(source, int) else source


def _spoken(target: str) -> str:
    if target.isdecimal():
        return f"controller {target}"
    return "itself again" if target == ITSELF else target.replace("_", " ")


def target_line(event: Message) -> str:
    """What another instrument that plays the same voices has to say."""
    return f"{event['name']:7} {event['text']}"


def recorded_line(event: Message) -> str:
    """Where the recording is."""
    lost = f"; {event['lost']} frames were lost" if event["lost"] else ""
    return f"record  {event['file']}: {event['frames']} frames{lost}"


def summary_line(meters: Message) -> str:
    """What was played, at the end."""
    if not meters:
        return "played  nothing"
    return (
        f"played  {meters['notes_on']} notes in {meters['blocks']} blocks, {meters['underflows']} missed; "
        f"peak {_level(meters['peak'])}"
    )


def meters_line(meters: Message) -> str:
    """How late, how busy, how loud, as measured."""
    if not meters:
        return "meters  nothing measured yet"
    load = f"load {_percent(meters['load'])}, at most {_percent(meters['load_peak'])}; {meters['underflows']} missed"
    limited = f", limited by {_level(1 / gain)}" if 0 < (gain := meters["limiter_gain"]) < 1 else ""
    return (
        f"meters  {_latency(meters)}{load}; {meters['voices_sounding']} voices, peak {_level(meters['peak'])}{limited}"
    )


def measured_line(meters: Message) -> str:
    """Latency and load over all that was played."""
    load = f"load {_percent(meters['load_mean'])}, at most {_percent(meters['load_peak'])}"
    return f"meters  {_latency(meters)}{load}"


def _latency(meters: Message) -> str:
    mean, worst = meters["latency_seconds"], meters["latency_peak_seconds"]
    return "" if mean is None else f"latency {1000 * mean:.1f} ms, at most {1000 * worst:.1f}; "


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _level(peak: float) -> str:
    return f"{20 * math.log10(peak):.1f} dB" if peak > 0 else "silence"
