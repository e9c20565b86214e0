# SPDX-License-Identifier: Apache-2.0
"""Voices made for the golden renders, each for a rule of the DX7 it brings to light, and what is played on them."""

from dataclasses import dataclass

from synth.patch import Envelope, Patch, PitchEnvelope

Event = tuple[int, str, int, int]


@dataclass(frozen=True)
class Performance:
    """A patch, its events as `render_native_events` takes them, and how many native frames are rendered."""

    patch: Patch
    events: tuple[Event, ...]
    frames: int


def note(number: int, velocity: int, hold: int) -> tuple[Event, ...]:
    return (0, "on", number, velocity), (hold, "off", number, 0)


def stack(name: str, algorithm: int, level: int = 80) -> Patch:
    """All six operators on, modulators at `level`; algorithm 1..32."""
    patch = Patch.init_voice()
    patch.name = name
    patch.algorithm = algorithm - 1
    for number, operator in enumerate(patch.op):
        operator.output_level = 99 if number in (0, 2, 4) else level
        operator.frequency_coarse = 1 + number % 4
        operator.detune = 4 + number
        operator.velocity_sensitivity = number % 8
        operator.rate_scaling = 7 - number
        operator.envelope = Envelope(rates=(95 - number, 50, 35 + number, 60), levels=(99, 90 - 4 * number, 80, 0))
    return patch


def loop(algorithm: int, feedback: int) -> Performance:
    """The feedback loops of several operators, and the single one of algorithm 32."""
    patch = stack(f"LOOP {algorithm}", algorithm)
    patch.feedback = feedback
    return Performance(patch, note(48 + algorithm // 4, 100, 9000), 14000)


def vibrato(wave: str, speed: int, delay: int = 0) -> Performance:
    """One LFO wave on pitch and amplitude at once."""
    patch = stack(f"LFO {wave}"[:10], 5, 70)
    patch.lfo.wave = wave
    patch.lfo.speed = speed
    patch.lfo.delay = delay
    patch.lfo.sync = len(wave) % 2 == 0
    patch.lfo.pitch_mod_depth = 60
    patch.lfo.amp_mod_depth = 85
    patch.pitch_mod_sensitivity = 5
    for number, operator in enumerate(patch.op):
        operator.amp_mod_sensitivity = number % 4
    return Performance(patch, note(57, 80, 24000), 26000)


def sweep() -> Performance:
    """The pitch envelope in all four stages, on operators that follow it and one fixed that must not."""
    patch = stack("SWEEP", 22)
    patch.pitch_envelope = PitchEnvelope(rates=(80, 70, 85, 75), levels=(70, 35, 55, 20))
    patch.op[3].frequency_mode = 1
    patch.op[3].frequency_coarse = 2
    patch.op[3].frequency_fine = 77
    return Performance(patch, note(64, 110, 20000), 30000)


def slow_start() -> Performance:
    """Two inaudible levels in a row delay an operator: shortly on a voice's first note, longer on its next."""
    patch = stack("DELAYS", 17)
    for operator in (patch.op[1], patch.op[2], patch.op[3]):
        operator.envelope = Envelope(rates=(60, 85, 40, 70), levels=(10, 99, 60, 12))
    patch.osc_key_sync = False
    events = tuple((7 * n, "on", 40 + n, 90) for n in range(16)) + tuple((6000, "off", 40 + n, 0) for n in range(16))
    again = tuple((20000 + 11 * n, "on", 52 + n, 90) for n in range(16))
    cut = tuple((20100 + 500 * n, "off", 52 + n, 0) for n in range(16))
    return Performance(patch, events + tuple(sorted(again + cut, key=lambda event: event[0])), 34000)


def keyboard() -> Performance:
    """Level scaling with all four curves, rate scaling and transpose, over a chord from end to end."""
    patch = stack("KEYBOARD", 29)
    for number, operator in enumerate(patch.op):
        operator.breakpoint = 20 + 8 * number
        operator.left_depth = 30 + 10 * number
        operator.right_depth = 90 - 10 * number
        operator.left_curve = number % 4
        operator.right_curve = (number + 1) % 4
        operator.output_level = 72 + 4 * number
    patch.transpose = 17
    keys = (0, 21, 33, 45, 58, 69, 84, 100, 115, 127)
    ons = tuple((400 * n, "on", key, 20 + 10 * n) for n, key in enumerate(keys))
    return Performance(patch, ons + tuple((9000, "off", key, 0) for key in keys), 14000)


def repeated() -> Performance:
    """Level 4 above zero, free oscillators, fixed frequencies and detune, with voices taken up again in release."""
    patch = stack("AGAIN", 12)
    patch.osc_key_sync = False
    patch.feedback = 5
    for number, operator in enumerate(patch.op):
        operator.envelope = Envelope(rates=(88, 60, 50, 45), levels=(97, 99, 70, 60 + 6 * number))
    patch.op[5].frequency_mode = 1
    patch.op[5].frequency_coarse = 1
    patch.op[5].detune = 0
    patch.op[4].frequency_coarse = 0
    patch.op[4].frequency_fine = 31
    events: list[Event] = []
    for n in range(24):
        events += [(600 * n, "on", 45 + n % 5, 30 + 4 * n), (600 * n + 450, "off", 45 + n % 5, 0)]
    return Performance(patch, tuple(events), 18000)


PERFORMANCES = {
    "loop of three, algorithm 4": loop(4, 7),
    "loop of two, algorithm 6": loop(6, 6),
    "feedback of a carrier, algorithm 32": loop(32, 7),
    "feedback 0 leaves a trace, algorithm 1": loop(1, 0),
    "LFO triangle": vibrato("triangle", 70),
    "LFO saw down, delayed": vibrato("saw_down", 80, delay=30),
    "LFO saw up": vibrato("saw_up", 60),
    "LFO square": vibrato("square", 75),
    "LFO sine, delayed": vibrato("sine", 99, delay=10),
    "LFO sample and hold": vibrato("s&h", 88),
    "pitch envelope": sweep(),
    "delays of inaudible levels": slow_start(),
    "keyboard scaling": keyboard(),
    "repeated notes": repeated(),
}
