# SPDX-License-Identifier: Apache-2.0
"""Calls that scripts for dexed-py make, as in `peer_calls.py`, and that give something better with us."""

from __future__ import annotations

from peer_calls import LINE

MESSAGE = "m = bytes.fromhex('f0430000011b') + raw.tobytes() + bytes([-int(raw.sum()) & 127, 0xf7]); "
BANK = "Patch.save_to_bank(str(folder / 'a.syx'), [Patch('X')] * 32); b = bytearray((folder / 'a.syx').read_bytes()); "
EARLY = "refused at the line that is wrong, not clamped later or played as something else"
NEAREST = "a name that does not exist is refused; the nearest one is named"
VALUE = "objects with the same content are equal and hash alike"
READY = "s = DexedSynth(); s.load_patch(Patch.from_raw(raw)); "

#: what ours does instead, an expression or an error, and why that is better
BETTER: dict[str, tuple[str, str]] = {
    # patches
    **{f"p = Patch(); p.{name} = {value}": ("ValueError", EARLY) for name, value in {
        "algorithm": 32, "feedback": 8, "transpose": -5, "pitch_mod_sensitivity": 8, "lfo.speed": 100,
        "op[0].output_level": 100, "op[0].frequency_coarse": 32, "op[0].detune": 15, "op[0].left_curve": 4,
        "op[0].envelope.rates": [99], "pitch_envelope.levels": [1, 2, 3, 4, 5], "op[0].envelope.levels": [0, 0, 0, 100],
        "lfo.wave": 6,
    }.items()},
    **{f"p = Patch(); p.{name} = {value}": ("TypeError", EARLY) for name, value in {
        "feedback": "float('nan')", "op[0].output_level": 50.5, "name": None, "op[0].envelope.rates": 99,
        "op[0].detune": "np.float32(7)", "lfo": 5, "op[1]": "'operator'",
    }.items()},
    **{f"p = Patch(); p.{name} = 5": ("AttributeError", NEAREST) for name in (
        "algoritm", "lfo.sped", "op[0].level", "op[0].envelope.rate",
    )},
    **{f"p = Patch(); p.{name} = {value!r}": ("ValueError", NEAREST) for name, value in {
        "lfo.wave": "bogus", "op[0].left_curve": "bogus", "op[0].right_curve": "",
    }.items()},
    "p = Patch(); p.op[0].right_curve = 'lin+'; p.op[0].right_curve": ("'log'", "rises as it says, not falls"),
    "p = Patch(); p.op[0].frequency_ratio = 3.5; round(p.op[0].frequency_ratio, 9)": ("3.5", "the nearest there is"),
    "p = Patch(); p.op[0].frequency_ratio = 1.41; round(p.op[0].frequency_ratio, 9)": ("1.41", "the nearest there is"),
    **{f"p = Patch(); p.op[0].frequency_ratio = {value}; p.to_raw()": ("ValueError", EARLY) for value in (0, -2, 99.0)},
    "Patch('Grüße').name": ("'Gru?e     '", "accents are dropped rather than replaced"),
    "Patch() == Patch()": ("True", VALUE), "len({Patch(), Patch()})": ("1", VALUE),
    "len({Envelope(), Envelope(), LFO(), LFO()})": ("2", VALUE),
    "Patch().op[-1].output_level": ("99", "counts from the end as lists do"),
    "[o.output_level for o in Patch().op[1:3]]": ("[99, 99]", "slices as lists do"),
    MESSAGE + "Patch.from_sysex(m).to_raw()[:145].tolist() == raw[:145].tolist()": ("True", "takes the whole message"),
    "Patch.from_sysex(bytes(4104))": ("ValueError", "a bank is no voice; the message says what to use"),
    "Patch.from_sysex(bytes(300))": ("ValueError", "bytes that are no voice are refused, not cut"),
    "Patch.from_raw(np.full(155, 255, np.uint8)).op[0].output_level": ("99", "brought into range when read"),
    BANK + "b[1] = 0x41; (folder / 'b.syx').write_bytes(b); Patch.load_bank(str(folder / 'b.syx'))": (
        "ValueError", "another maker's dump is no bank"),
    BANK + "(folder / 'b.syx').write_bytes(b'x' + b); Patch.load_bank(str(folder / 'b.syx'))[0].name": (
        "'X         '", "finds the bank behind other bytes instead of reading it shifted"),
    BANK + "Patch.load_bank(bytes(b))[31].name": ("'X         '", "bytes are as good as a file"),
    "(folder / 'v.syx').write_bytes(bytes.fromhex('f0430000011b') + raw.tobytes() + "
    "bytes([-int(raw.sum()) & 127, 0xf7])); len(Patch.load_bank(str(folder / 'v.syx')))": (
        "32", "a file with a single voice is read, the other places being INIT VOICE"),
    "Patch.save_to_bank(str(folder / 'a.syx'), [Patch('X')]); len(Patch.load_bank(str(folder / 'a.syx')))": (
        "32", "fewer voices are filled up with INIT VOICE"),
    "p = Patch(); p.name = 'abc'; p.name": ("'abc       '", "the same before and after it has been stored"),
    "p = Patch(); o = Operator(); p.op[0] = o; o.output_level = 5; p.op[0].output_level": (
        "99", "assigning copies: no two patches share an operator"),
    "p = Patch(); p.op[0].frequency_mode = 'fixed'; p.to_raw()[122]": ("1", "modes have names"),
    "Patch.from_raw(np.concatenate([raw, [63]]))": ("ValueError", "bytes that are no voice are refused, not cut"),
    "Patch() in [Patch()]": ("True", VALUE),
    # presets
    "a = Preset(); a.foo = 3": ("AttributeError", NEAREST),
    "a = Preset(); a.op_output_level = 0.5; a.to_array()": ("ValueError", EARLY),
    "Preset.from_array(np.full(145, 2.0)).to_patch().to_raw()": ("ValueError", EARLY),
    "Preset() == Preset()": ("True", VALUE), "hash(Preset()) == hash(Preset())": ("True", VALUE),
    "Patch('KEEP ME').to_preset().to_patch().name": ("'KEEP ME   '", "the name survives"),
    "copy.copy(Patch('KEEP ME').to_preset()).to_patch().name": ("'KEEP ME   '", "the name survives"),
    **{f"a = Preset({arguments})": ("ValueError", EARLY) for arguments in (
        "algorithm=99", "lfo_wave=-1", "op_detune=np.zeros(7)", "op_detune=np.zeros(5)", "feedback=2.0",
        "feedback=float('inf')", "feedback=float('nan')", "op_env_rates=np.zeros((4, 6))",
    )},
    "[np.asarray(x).dtype.kind for x in Preset.array_to_leaves(np.zeros(145))]": (
        "['f'] * 21 + ['i'] * 7", "the types of every preset's leaves, so that nothing compiles anew"),
    # the synth
    "DexedSynth().load_patch(None)": ("TypeError", "says what is wanted instead of what None lacks"),
    "DexedSynth().load_preset(None)": ("TypeError", "says what is wanted instead of what None lacks"),
    **{f"DexedSynth({rate})": ("ValueError", EARLY) for rate in (0, 1, -44100, "float('nan')", "float('inf')")},
    **{f"{READY}s.render({arguments})": ("ValueError", EARLY) for arguments in (
        "midi_note=1000", "midi_note=-1", "velocity=128", "velocity=-1", "note_duration=-1.0",
        "note_duration=float('nan')", "render_duration=-1.0", "render_duration=float('nan')", "render_duration=1e6",
    )},
    READY + "s.render(midi_note='60')": ("TypeError", EARLY),
    "s = DexedSynth(8000); s.load_patch(Patch()); bool(s.render(60, 100, 0.1, 0.2).any())": ("True", "sounds"),
    # algorithms
    "[algorithms[i].feedback_op for i in (0, 3, 5)]": ("[5, 3, 4]", "the name of earlier releases works too"),
    "hash(algorithms[0]) == hash(algorithms[0])": ("True", VALUE),
    "[a.number for a in algorithms.values()]": ("list(range(32))", "it is a mapping"),
    # graphs
    LINE + "g.set_feedback(3, level=7).get_feedback(3, 3)": ("7", "the call of earlier releases works too"),
    LINE + "g.set_feedback(3, 3, 0.5).get_feedback(3, 3)": ("4", "a float is a strength"),
    LINE + "g.set_feedback(3, 3, 1.5)": ("ValueError", "names the range of strengths"),
    "OperatorGraph.from_matrix(np.zeros((4, 4)), [0], {3: 0.5}).get_feedback(3, 3)": ("4", "as earlier releases"),
    "OperatorGraph.from_matrix([[0, 1], [0, 0]], [0]).get_connections()": ("[(1, 0, 1.0)]", "takes any array-like"),
    "len(OperatorGraph(7).op)": ("7", "has a length"), "OperatorGraph(7).op[-1].output_level": ("99", "as lists do"),
    "OperatorGraph(33)": ("ValueError", "up to 32 operators"),
    LINE + "g.connect(3, 1, float('nan'))": ("ValueError", EARLY),
    LINE + "g.connect(3, 1, float('inf'))": ("ValueError", EARLY),
    LINE + "g.connect(3, 1, 'much')": ("TypeError", EARLY),
    LINE + "g.connect(0, 3)": ("ValueError", "a cycle is refused when it is closed, not when it is rendered"),
    "OperatorGraph.from_matrix(np.array([[0, 1.0], [1.0, 0]]), [0])": ("ValueError", "a cycle is refused at once"),
    "OperatorGraph(3).set_carriers([0, 0])": ("ValueError", "an operator is heard once"),
    "OperatorGraph(2).set_carriers([0]).render(sample_rate=0)": ("ValueError", EARLY),
    "DexedSynth(22050.5)": ("ValueError", "rates are whole"),
    LINE + "g.set_carriers([])": ("ValueError", "a graph without carriers is refused when they are chosen"),
    LINE + "g == copy.deepcopy(g)": ("True", VALUE), LINE + "hash(g) == hash(copy.copy(g))": ("True", VALUE),
    LINE + "g.render(44100, 60, 100, 0.1, 0.57).shape": ("(25137,)", "as many samples as the synth"),
    "g = OperatorGraph(2); g.op[0].frequency_ratio = 3.5; g.op[0].frequency_ratio": ("3.5", "can be assigned"),
    "g = OperatorGraph(2); g.op[0].output_level = 100": ("ValueError", EARLY),
    "g = OperatorGraph(2); g.op[0].envelope.rates = [1, 2]": ("ValueError", EARLY),
    "g = OperatorGraph(2); g.op[0].levle = 3": ("AttributeError", NEAREST),
    "GraphOperator().left_curve": ("'lin'", "curves have names here too; numbers are taken as well"),
}  # fmt: skip
