# SPDX-License-Identifier: Apache-2.0
"""The one table of the settings: checks, options, `sixop config` and their documentation follow from it.

What each is set to when nobody says anything stands in `configs/default.toml`, and only there.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from synth.config.functions import FunctionValue
from synth.config.kinds import File, Files, Kind, Name, NameOrFile, Names, Number, OneOf, OnOff, OnOrFresh, Voice, Whole
from synth.config.outgoing import Outputs
from synth.config.parts import Parts
from synth.config.routes import Curve, Zones
from synth.engine import KERNELS, MAX_VOICES, OUTPUTS
from synth.functions import FUNCTIONS as _PARAMETERS
from synth.midi.curves import CURVES
from synth.midi.mpe import LAYOUTS
from synth.player.settings import CHANNELS

_LONGEST_SECONDS = 7 * 24 * 3600
_INPUTS = "`sixop devices` lists the inputs"
_OUTPUTS = "`sixop devices` lists the outputs"
_PORTS = "`sixop xfm2 ports` lists them"


class Setting(NamedTuple):
    """One setting: `section.name`, its option on the command line with what follows it, and what it means."""

    key: str
    option: str
    metavar: str
    kind: Kind
    what: str

    @property
    def section(self) -> str:
        """The part of the key before the dot."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The part of the key after the dot."""
        return self.key.partition(".")[2]


FUNCTIONS: Final = "functions"
"""The section of the DX7's function parameters."""

_OPTIONS = {
    "mono": ("--mono", ""),
    "bend_range": ("--bend-range", "N"),
    "portamento_time": ("--portamento", "TIME"),
    "master_tune": ("--tune", "HZ|CENTS"),
}
"""Function parameters that have an option, and what follows it."""

SETTINGS: Final = (
    Setting("audio.device", "--audio", "auto|none|NAME",
            Name("none or the name of an audio device", _OUTPUTS, word="auto"), "Audio device; auto takes the best."),
    Setting("audio.rate", "--rate", "HZ", Whole(8000, 192000, "Hz", word="auto"), "Sample rate."),
    Setting("audio.frames", "--frames", "N", Whole(16, 8192, word="auto"), "Frames per buffer."),
    Setting("audio.output", "--output", "clean|dx7", OneOf(tuple(OUTPUTS)),
            "dx7: with the grain of its converter and its low-pass."),
    Setting("audio.channels", "--channels", "stereo|mono", OneOf(CHANNELS),
            "mono: both sides are equal, whatever pan says."),
    Setting("audio.limiter", "--limiter", "", OnOff(),
            "Hold what is too loud just below full scale, at a delay of 1.5 ms at most."),
    Setting("audio.volume_db", "--volume", "DB", Number(-96, 24, "dB"), "0 is one full carrier."),
    Setting("engine.kernel", "--kernel", "chip|clean", OneOf(KERNELS),
            "chip: sample for sample what a DX7 computes; clean: without its grain, and faster."),
    Setting("engine.voices", "--voices", "N", Whole(1, MAX_VOICES), "Notes at a time."),
    Setting("tuning.scale", "--tuning", "FILE.scl", File("a scale of Scala", (".scl",), word="dx7"),
            "What the keys sound; dx7: what they do on a DX7."),
    Setting("tuning.keyboard", "--keyboard", "FILE.kbm", File("a keyboard mapping of Scala", (".kbm",), word="none"),
            "Which key plays which degree of the scale."),
    Setting("tuning.mts_esp", "--mts-esp", "", OnOff(), "Sound as an MTS-ESP master says, while there is one."),
    Setting("midi.inputs", "--midi", "auto|virtual|none|NAME",
            Names("names of inputs, or auto or virtual, or none alone", _INPUTS, "none"),
            "MIDI inputs; may be repeated."),
    Setting("midi.curve", "--curve", "|".join((*CURVES, "N")), Curve(),
            "Velocity curve; N is always played."),
    Setting("midi.outputs", "--midi-out", "NAME|virtual|none", Outputs(),
            "MIDI output that plays along; may be repeated."),
    Setting("midi.mpe", "--mpe", "|".join(LAYOUTS), OneOf(tuple(LAYOUTS)),
            "MPE keyboards, whose notes bend by themselves; auto: they say so."),
    Setting("midi.zones", "", "[[midi.zones]]", Zones(), "Which keys of which inputs play which part."),
    *(
        Setting(f"{FUNCTIONS}.{name}", *_OPTIONS.get(name, ("", f"[{FUNCTIONS}]")), FunctionValue(name), parameter.what)
        for name, parameter in _PARAMETERS.items()
    ),
    Setting("parts", "", "[[parts]]", Parts(), "What single parts begin with."),
    Setting("play.files", "", "[FILE]...", Files("files of voices"), "Voices to play; the factory bank if none."),
    Setting("play.voice", "--voice", "N|NAME", Voice(), "The voice to start with."),
    Setting("play.resume", "--resume", "", OnOrFresh(), "Go on where it stopped, or start anew."),
    Setting("play.face", "--face", "auto|tui|plain|none", OneOf(("tui", "plain", "none"), word="auto"),
            "tui: a screen to search and walk voices; plain: keys and text; none: listen to MIDI only."),
    Setting("play.seconds", "--seconds", "S", Number(0, _LONGEST_SECONDS, "seconds", word="endless"),
            "End after this much sound."),
    Setting("play.midi_file", "--midi-file", "SONG.mid", File("a song", word="none"),
            "Play a song, and end two seconds after it."),
    Setting("play.record", "--record", "FILE", File("a file", (".wav", ".flac"), word="none"),
            "Record to a .wav or .flac."),
    Setting("play.record_midi", "--record-midi", "FILE.mid", File("a MIDI file", (".mid",), word="none"),
            "Record what is played as MIDI."),
    Setting("play.json", "--json", "", OnOff(), "Events as JSON, one a line."),
    Setting("xfm2.port", "--xfm2", "[PORT]", Name("auto or the path, name or URL of a port", _PORTS, word="none"),
            "The voice of the moment is on an XFM2's edit buffer too; without PORT on the board found. "
            "A song's notes and voices do not go there."),
    Setting("xfm2.midi", "--xfm2-midi", "NAME", Name("the name of a MIDI output", _OUTPUTS, word="none"),
            "Play an XFM2 by this MIDI output: notes, bend, controllers and pressure."),
    Setting("xfm2.unit", "--xfm2-unit", "1|2", Whole(1, 2), "Its unit."),
    Setting("xfm2.profile", "--xfm2-profile", "NAME|FILE",
            NameOrFile("the name of a conversion, or its file", "`configs/xfm2` holds them"),
            "How voices are converted."),
    Setting("xfm2.alg46", "--xfm2-alg46", "self|loop", OneOf(("self", "loop")),
            "Feedback of algorithms 4 and 6: operator 6 alone, or the DX7's loop."),
)  # fmt: skip
"""The settings in the order in which they are shown."""

BY_KEY: Final = {setting.key: setting for setting in SETTINGS}
SECTIONS: Final = tuple(dict.fromkeys(setting.section for setting in SETTINGS))
PROFILES: Final = "profile"
"""The section whose tables are profiles: other values for the settings, by name."""
