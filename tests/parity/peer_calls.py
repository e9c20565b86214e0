# SPDX-License-Identifier: Apache-2.0
"""Calls that scripts for dexed-py make, as text, and that give the same with either package.

Each is Python with the package's names, `np`, `copy`, `pickle`, a legal voice `raw` (155 bytes, uint8) and an empty
folder `folder` in reach; its last line is the expression that is compared.
"""

from __future__ import annotations

OPERATOR = {  # attribute: values that are legal
    "output_level": (0, 1, 50, 99), "frequency_coarse": (0, 1, 31), "frequency_fine": (0, 50, 99),
    "frequency_mode": (0, 1), "detune": (0, 7, 14), "velocity_sensitivity": (0, 7), "amp_mod_sensitivity": (0, 3),
    "rate_scaling": (0, 7), "breakpoint": (0, 39, 99), "left_depth": (0, 99), "right_depth": (0, 99),
}  # fmt: skip
LFO = {"speed": (0, 99), "delay": (0, 99), "pitch_mod_depth": (0, 99), "amp_mod_depth": (0, 99), "sync": (True, False)}
COMMON = {"algorithm": (0, 15, 31), "feedback": (0, 7), "transpose": (0, 48), "pitch_mod_sensitivity": (0, 7)}
WAVES = ("triangle", "tri", "saw_down", "saw", "sawtooth", "saw_up", "square", "sq", "sine", "sin", "s&h", "sh")
CURVES = ("lin", "-lin", "linear", "exp-", "-exp-", "exp+", "+exp-", "log", "-log")

VOICE = "p = Patch.from_raw(raw); "
LINE = "g = OperatorGraph(4).connect(3, 2).connect(2, 1, 0.5).connect(1, 0).set_carriers([0]); "


def _patches() -> list[str]:
    calls = [
        "Patch()", "Patch('ABC')", "Patch(name='ABC')", "Patch('much longer than ten').name", "Patch().name",
        "len(Patch().op)", "[type(o).__name__ for o in Patch().op]",
        "Patch().to_raw()", "Patch().to_sysex()", "Patch().to_packed()", "Patch().to_preset().to_array()",
        "Patch().op[6]", "Patch().op[0].envelope.rates", "Patch().op[0].envelope.levels", "Patch().lfo.wave",
        "Patch().pitch_envelope.levels", "Patch().op[5].left_curve", "Patch.from_sysex(b'')",
        "Patch.from_sysex(bytes(154))", "Patch.from_packed(bytes(127))", "Patch.from_raw(np.zeros(154, np.uint8))",
        "p = Patch(); p.op[2] = p.op[0]; p.op[2].output_level", "p = Patch(); p.op[9] = p.op[0]",
        "p = Patch(); q = copy.deepcopy(p); q.algorithm = 4; p.algorithm, q.algorithm",
        "pickle.loads(pickle.dumps(Patch('A'))).to_sysex()", "copy.copy(Patch('A')).to_sysex()",
        "p = Patch(); e = p.op[0].envelope; e.rates = [1, 2, 3, 4]; p.op[0].envelope.rates",
        "p = Patch(); p.op[0].envelope.rates[2] = 7; p.to_raw()",
        "p = Patch(); p.op[0].envelope = type(p.op[0].envelope)([1, 2, 3, 4], [5, 6, 7, 8]); p.to_raw()",
        "p = Patch(); p.lfo.speed += 3; p.lfo.speed", "p = Patch(); p.osc_key_sync = False; p.to_raw()[136]",
        "p = Patch(); p.op[0].output_level = np.int64(5); p.to_raw()[121]",
        "Envelope()", "Envelope([1, 2, 3, 4])", "Envelope(levels=[1, 2, 3, 4]).levels", "PitchEnvelope()", "LFO()",
        "Operator()", "Envelope() == Envelope()", "Envelope() == Envelope([1, 2, 3, 4])", "LFO(1, 2, 3, 4, True)",
        "Operator(Envelope([1, 2, 3, 4]), 50, 2, 3)", "LFO(speed=3).speed", "LFO() == LFO(speed=3)",
        "Patch.save_to_bank(str(folder / 'a.syx'), [Patch()] * 32); len((folder / 'a.syx').read_bytes())",
        "b = str(folder / 'b.syx'); Patch.save_to_bank(b, [Patch('X')] * 32); [p.name for p in Patch.load_bank(b)]",
        "Patch.save_to_bank(str(folder / 'c.syx'), [Patch.from_raw(raw)] * 32); (folder / 'c.syx').read_bytes()",
        "Patch.save_to_bank(folder / 'd.syx', [Patch()] * 33)", "Patch.load_bank(str(folder / 'none.syx'))",
        "(folder / 'e.syx').write_bytes(b''); Patch.load_bank(str(folder / 'e.syx'))",
        "(folder / 'f.syx').write_bytes(bytes(100)); Patch.load_bank(str(folder / 'f.syx'))",
        VOICE + "p.to_raw()", VOICE + "p.to_sysex()", VOICE + "p.to_packed()", VOICE + "p.name", VOICE + "p",
        VOICE + "p.to_preset().to_array()", VOICE + "Patch.from_packed(p.to_packed()).to_raw()",
        VOICE + "Patch.from_sysex(p.to_sysex()).to_raw()", VOICE + "Patch.from_sysex(raw.tobytes()).to_raw()",
        VOICE + "p.to_preset().to_patch('ABC').to_sysex()", VOICE + "p.pitch_envelope.rates", VOICE + "p.lfo",
        VOICE + "p.op[0], p.op[4] = p.op[4], p.op[0]; p.to_raw()",
        VOICE + "o = p.op[3]; p.op[3] = p.op[1]; p.op[1] = o; p.to_raw()",
        VOICE + "a, b = p.op[0].envelope, p.op[1].envelope; a.rates, b.rates = b.rates, a.rates; p.to_raw()",
        VOICE + "[round(o.frequency_ratio, 9) for o in p.op]", VOICE + "[o.left_curve for o in p.op]",
    ]  # fmt: skip
    for name, values in COMMON.items():
        calls += [f"p = Patch(); p.{name} = {value}; p.to_sysex()" for value in values]
    for name, values in LFO.items():
        calls += [f"p = Patch(); p.lfo.{name} = {value}; p.lfo.{name}, p.to_sysex()" for value in values]
    for name, values in OPERATOR.items():
        calls += [f"p = Patch(); p.op[2].{name} = {value}; p.op[2].{name}, p.to_sysex()" for value in values]
    calls += [f"p = Patch(); p.lfo.wave = {wave!r}; p.lfo.wave, p.to_sysex()" for wave in (*WAVES, 0, 1, 2, 3, 4, 5)]
    for side in ("left_curve", "right_curve"):
        calls += [f"p = Patch(); p.op[0].{side} = {c!r}; p.op[0].{side}, p.to_raw()" for c in (*CURVES, 0, 1, 2, 3)]
    ratios = (0.5, 1.0, 2.0, 3.0, 14.0, 31.0, "float('nan')")
    return calls + [f"p = Patch(); p.op[0].frequency_ratio = {ratio}; p.to_raw()" for ratio in ratios]


def _presets() -> list[str]:
    sizes = ("Preset.GLOBAL_CONTINUOUS_SIZE, Preset.OP_CONTINUOUS_SIZE", "Preset.GLOBAL_INT_MAXES, Preset.OP_INT_MAXES")
    bundles = "(a.global_continuous(), a.global_ints(), a.op_continuous(), a.op_ints())"
    return [
        "Preset().to_array()", "Preset().to_patch().to_sysex()", "Preset(algorithm=15, feedback=0.5).to_array()",
        "Preset(op_output_level=np.linspace(0, 1, 6, dtype=np.float32)).to_patch().to_raw()", *sizes,
        "Preset(0.5, 0.25).to_array()", "Preset().to_patch('ABC').name", "Preset().to_patch().name",
        "Preset.from_array(np.zeros(144))", "Preset.from_array(np.zeros(146))", "Preset.from_array(np.zeros(0))",
        "Preset.from_array(np.zeros(145)).to_array()", "Preset.from_array(np.zeros((145, 1))).to_array()",
        "Preset.from_array([0.5] * 123 + [1] * 22).to_array()", "len(Preset.array_to_leaves(np.zeros(145)))",
        "Preset(algoritm=3)", "Preset() == Preset(feedback=0.5)", "Preset.from_array(np.full(145, np.nan))",
        "Preset.from_array(np.full(145, 0.5)).to_patch().to_raw()[:145]",
        "[np.shape(leaf) for leaf in Preset.array_to_leaves(np.zeros(145, np.float32))]",
        "a = Preset(); a.feedback = 0.25; a.to_array()", "a = Preset(); a.algorithm = 7; a.to_patch().algorithm",
        "a = Preset(); a.op_output_level[2] = 0.5; a.to_array()", "a = Preset(); a.lfo_wave = 3; a.to_patch().lfo.wave",
        VOICE + "a = p.to_preset(); a.to_array()", VOICE + "a = Preset.from_patch(p); a.to_patch().to_raw()[:145]",
        VOICE + "a = p.to_preset(); a.global_continuous()", VOICE + "a = p.to_preset(); a.global_ints()",
        VOICE + "a = p.to_preset(); a.op_continuous()", VOICE + "a = p.to_preset(); a.op_ints()",
        VOICE + f"a = p.to_preset(); Preset.from_operator_bundles(*{bundles}).to_array()",
        VOICE + "a = p.to_preset(); Preset.from_array(a.to_array()).to_array()",
        VOICE + "a = p.to_preset(); pickle.loads(pickle.dumps(a)).to_array()",
        VOICE + "a = p.to_preset(); copy.copy(a).to_array()",
        VOICE + "a = p.to_preset(); b = copy.deepcopy(a); b.op_detune[0] = 0; a.to_array(), b.to_array()",
        VOICE + "[np.asarray(getattr(p.to_preset(), field), np.float32) for field in Preset.DATA_FIELDS]",
        VOICE + "[type(getattr(p.to_preset(), field)).__name__ for field in Preset.DATA_FIELDS]",
        VOICE + "a = p.to_preset(); [np.asarray(x, np.float32) for x in Preset.array_to_leaves(a.to_array())]",
    ]  # fmt: skip


def _algorithms() -> list[str]:
    calls = [
        "len(algorithms)", "list(algorithms)", "algorithms[32]", "algorithms[-1]", "get_carriers(32)",
        "get_modulators(-1)", "get_mod_matrix(99)", "get_feedback_edge(32)", "31 in algorithms", "32 in algorithms",
        "a = get_carriers(4); a.append(9); get_carriers(4)", "a = get_mod_matrix(4); a[0, 0] = 1; get_mod_matrix(4)",
        "algorithms[3].mod_matrix[0, 0] = 1",
    ]  # fmt: skip
    for number in range(32):
        calls += [
            f"get_carriers({number})", f"get_modulators({number})", f"get_mod_matrix({number})",
            f"get_feedback_edge({number})", f"a = algorithms[{number}]; a.number, a.carriers, a.modulators",
            f"algorithms[{number}].mod_matrix, algorithms[{number}].feedback_edge",
            f"g = OperatorGraph.from_algorithm({number}); g.carriers, g.modulators, g.mod_matrix",
            f"sorted(OperatorGraph.from_algorithm({number}).get_connections())",
        ]  # fmt: skip
    return calls


def _graphs() -> list[str]:
    queries = (
        "g.carriers", "g.modulators", "g.mod_matrix", "sorted(g.get_connections())", "g.get_sources(0)",
        "g.get_sources(2)", "g.get_targets(3)", "g.get_targets(0)", "g.is_connected(3, 2)", "g.is_connected(2, 3)",
        "g.connection_amount(2, 1)", "g.connection_amount(0, 1)", "g.get_feedback(3, 3)", "g.op[3].output_level",
    )  # fmt: skip
    changes = (
        "g.disconnect(3, 2)", "g.disconnect(2, 3)", "g.disconnect_all()", "g.connect(3, 2, 0.25)", "g.connect(3, 0)",
        "g.set_carriers([0, 1])", "g.set_carriers([1, 0])", "g.set_feedback(3, 3, 7)", "g.set_feedback(3, 3)",
        "g.set_feedback(2, 3, 5)", "g.set_feedback(3, 3, level=0)", "g.set_feedback(3, 3, 5).set_feedback(3, 3, 0)",
    )  # fmt: skip
    refused = (
        "g.connect(0, 0)", "g.connect(4, 0)", "g.connect(0, -1)", "g.connect(-1, 0)",
        "g.disconnect(4, 0)", "g.set_carriers([4])", "g.set_carriers([-1])", "g.set_feedback(4, 4, 1)",
        "g.set_feedback(3, 3, 8)", "g.set_feedback(3, 3, -1)", "g.op[4]", "g.get_sources(4)", "g.get_targets(-1)",
        "g.connect('3', 1)", "g.is_connected(4, 0)", "g.connection_amount(0, 4)", "g.get_feedback(9, 9)",
        "OperatorGraph(0)", "OperatorGraph(-1)", "OperatorGraph(2).render()", "OperatorGraph(2).render_all_ops()",
        "OperatorGraph.from_algorithm(32)", "OperatorGraph.from_algorithm(-1)",
        "OperatorGraph.from_matrix(np.eye(2), [0])", "OperatorGraph.from_matrix(np.ones((2, 3)), [0])",
        "OperatorGraph.from_matrix(np.zeros((2, 2)), [2])", "OperatorGraph.from_matrix(np.zeros(4), [0])",
    )  # fmt: skip
    matrix = "m = np.zeros((3, 3), np.float32); m[0, 1] = 1.0; m[1, 2] = 0.5; "
    others = (
        "OperatorGraph().carriers", "OperatorGraph().mod_matrix", "OperatorGraph(7).mod_matrix.shape",
        "GraphOperator().output_level", "GraphEnvelope()", "GraphEnvelope([1, 2, 3, 4], [5, 6, 7, 8])",
        "GraphOperator(50, 2).frequency_coarse", "GraphOperator(frequency_coarse=3).frequency_ratio",
        "g = OperatorGraph(2); g.op[1].envelope.levels = [9, 8, 7, 6]; g.op[1].envelope.levels",
        "g = OperatorGraph(2); g.op[1] = GraphOperator(output_level=12); g.op[1].output_level",
        "[o.output_level for o in OperatorGraph(7).op]",
        matrix + "g = OperatorGraph.from_matrix(m, [0]); g.mod_matrix, g.carriers, g.get_connections()",
        matrix + "g = OperatorGraph.from_matrix(m, carriers=[0], feedback={(2, 2): 5}); g.get_feedback(2, 2)",
        matrix + "OperatorGraph.from_matrix(m, [0], {(2, 2): 9})",
        matrix + "OperatorGraph.from_matrix(m, [0, 2]).modulators",
        "g = OperatorGraph(3); g.connect(1, 0) is g, g.set_carriers([0]) is g, g.disconnect(1, 0) is g",
        LINE + "m = g.mod_matrix; m[:] = 0; g.mod_matrix", LINE + "c = g.carriers; c.append(3); g.carriers",
        LINE + "copy.deepcopy(g).disconnect_all().get_connections(), len(g.get_connections())",
        LINE + "pickle.loads(pickle.dumps(g)).mod_matrix", LINE + "g.render(8000).shape, g.render(8000).dtype",
        LINE + "g.render_all_ops(44100.0, 60, 100, 0.1, 0.2).shape", LINE + "g.render(render_duration=0.5).shape",
    )  # fmt: skip
    return [
        *(LINE + query for query in queries),
        *(f"{LINE}{change}; {query}" for change in changes for query in queries[:5] + queries[-2:]),
        *(LINE + call for call in refused),
        *others,
    ]


def _synths() -> list[str]:
    ready = "s = DexedSynth(); s.load_patch(Patch.from_raw(raw)); "
    return [
        "DexedSynth().sample_rate", "DexedSynth(48000).sample_rate", "DexedSynth().algorithm",
        "DexedSynth().normalize_feedback", "DexedSynth(sample_rate=22050).sample_rate", "DexedSynth().render()",
        "DexedSynth().render_all_ops()",
        "s = DexedSynth(); s.normalize_feedback = True; s.normalize_feedback",
        "s = DexedSynth(); s.normalize_feedback = 1", "s = DexedSynth(); s.normalize_feedback = 'yes'",
        "s = DexedSynth(); s.sample_rate = 8000", "s = DexedSynth(); s.algorithm = 3",
        ready + "s.algorithm", ready + "s.load_patch(Patch())",
        ready + "s.load_preset(Preset(algorithm=9)); s.algorithm",
        ready + "s.render().shape, s.render().dtype", ready + "s.render(60, 100, 0.1, 0.25).shape",
        ready + "s.render_all_ops(60, 100, 0.1, 0.25).shape", ready + "s.render(render_duration=0.0).shape",
        ready + "s.render(midi_note=60.0)", ready + "s.render(midi_note=None)", ready + "s.render(velocity='loud')",
        ready + "a = s.render(60, 100, 0.1, 0.2); a.flags.c_contiguous, a.flags.writeable",
        ready + "np.array_equal(s.render(60, 100, 0.1, 0.2), s.render_all_ops(60, 100, 0.1, 0.2)[6])",
        ready + "t = pickle.loads(pickle.dumps(s)); t.sample_rate, t.algorithm, t.normalize_feedback",
        ready + "t = copy.copy(s); np.array_equal(t.render(60, 99, 0.1, 0.2), s.render(60, 99, 0.1, 0.2))",
        ready + "a = s.render_all_ops(60, 100, 0.1, 0.2); "
        "np.array_equal(sum(a[i] for i in get_carriers(s.algorithm)), a[6])",
    ]  # fmt: skip


def _habits() -> list[str]:
    """What people do without thinking about it."""
    rates = "r = Patch().op[0].envelope.rates; "
    return [
        rates + "r + [1]", rates + "[0] + r", rates + "r.copy()", rates + "np.array(r)", rates + "np.asarray(r) / 99",
        rates + "r[::-1]", rates + "r.index(99)", rates + "r.count(99)", rates + "sum(r)", rates + "str(r)",
        rates + "r == [99, 99, 99, 99]", rates + "sorted(r)", rates + "a, b, c, d = r; (a, d)",
        "p = Patch(); p.op[0].envelope.rates[:] = [1, 2, 3, 4]; p.op[0].envelope.rates",
        "p = Patch(); e = p.op[0].envelope; q = Patch(); q.op[1].envelope = e; q.op[1].envelope.levels",
        "p = Patch(); p.lfo = LFO(speed=9); p.lfo.speed", "p = Patch(); p.osc_key_sync = 1; p.to_sysex()",
        "p = Patch(); p.pitch_envelope = PitchEnvelope(levels=[1, 2, 3, 4]); p.to_raw()",
        "p = Patch(); p.name = 'abc'; p.name.strip()", "p = Patch(); p.name = 5; p.to_sysex()",
        "p = Patch(); p.op[0].frequency_mode = 1; p.op[0].frequency_ratio", "p = Patch(); p.lfo._wave",
        "p = Patch(); p.algorithm = np.int32(3); p.algorithm", "p = Patch(); p.op[0]._left_curve",
        "p = Patch(); p.algorithm = '3'; p.to_raw()", "p = Patch(); p.lfo.wave = 'SINE'; p.lfo.wave",
        "Patch.from_sysex(bytearray(Patch('x').to_sysex())).name", "Patch.from_raw(list(raw)).to_raw()",
        "Patch.from_sysex(memoryview(Patch('x').to_sysex())).name", "Patch.from_raw(raw.tobytes()).to_raw()",
        "Patch.from_raw(raw.astype(float)).to_raw()", "Patch.from_raw(raw.astype(np.int64)).to_raw()",
        "[i for i, o in enumerate(Patch().op)]", "bool(Patch())", "Patch() != Patch('B')", "repr(Envelope())",
        "import dataclasses; dataclasses.replace(Preset(), algorithm=3).algorithm",
        "import dataclasses; [f.name for f in dataclasses.fields(Preset)]",
        "import dataclasses; sorted(dataclasses.asdict(Preset()))", "a = Preset(osc_key_sync=True); a.to_array()",
        "a = Preset(); a.op_output_level = [0.5] * 6; a.to_array()", "Preset(algorithm=np.int64(4)).algorithm",
        "Preset(op_env_rates=[[0.5] * 4] * 6).to_array()", "Preset.from_array(np.full(145, 0.5)).algorithm",
        "type(Preset.from_array(np.zeros(145)).algorithm).__name__", "Preset.from_array(np.zeros((2, 145)))",
        "Preset.from_array(np.zeros((1, 145))).to_array()", "Preset.array_to_leaves(np.zeros(144))",
        "Preset.from_operator_bundles([0] * 15, [0] * 4, [[0] * 18] * 6, [[0] * 3] * 6).to_array()",
        "g = OperatorGraph(3); g.op[0].envelope = GraphEnvelope([1, 2, 3, 4]); g.op[0].envelope.rates",
        "OperatorGraph(3).connect(1, 0, -1.0).connection_amount(1, 0)", "OperatorGraph(3).num_ops",
        "OperatorGraph(3).connect(1, 0, 0.0).get_connections()", "OperatorGraph(3).set_carriers({0}).carriers",
        "OperatorGraph(3).connect(np.int64(1), 0).get_connections()", "OperatorGraph(3).set_carriers((0, 1)).carriers",
        "OperatorGraph(3).connect(1, 0).connect(1, 0, 0.5).get_connections()",
        "OperatorGraph(3).set_carriers(np.array([0, 2])).carriers",
        "OperatorGraph(3).set_feedback(0, 1, 7).get_connections()",
        "OperatorGraph.from_matrix(get_mod_matrix(4), get_carriers(4)).get_connections()",
        "g = OperatorGraph(2).set_carriers([0]); g.render(render_duration=0).shape", "algorithms[np.int64(3)].number",
        "get_carriers(np.int64(3))", "type(DexedSynth(44100).sample_rate).__name__", "DexedSynth('44100')",
        "s = DexedSynth(); s.load_patch(Patch()); s.render(np.int64(60), render_duration=0.1).shape",
        "s = DexedSynth(); s.load_patch(Patch()); s.render(note_duration=1, render_duration=2).shape",
        "s = DexedSynth(); s.load_patch(Patch()); s.render(note_duration=0, render_duration=0.1).any()",
        "s = DexedSynth(); s.load_patch(patch=Patch()); s.load_preset(preset=Preset()); copy.deepcopy(s).algorithm",
    ]  # fmt: skip


SAME = [*_patches(), *_presets(), *_algorithms(), *_graphs(), *_synths(), *_habits()]
