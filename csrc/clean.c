/* SPDX-License-Identifier: Apache-2.0 */
#include "clean.h"

#include <stddef.h>
#include <string.h>

#include "voice.h"

/* ---- one operator ------------------------------------------------------- */

#define QUARTER 0x40000000u         /* of a cycle */
#define MODULATION_SHIFT 6          /* from 2^-26 cycles to 2^-32 */
#define CHIP_UNIT (1.0f / (1 << 14))
/* sin(pi/2 u) = u (S0 + S1 u^2 + S2 u^4 + S3 u^6) within 5.7e-7 (minimax on -1..1), for x = u * 2^30. */
#define S0 1.570790922f
#define S1 (-0.6458924656f * 0x1p-60f)
#define S2 (0.07943340142f * 0x1p-120f)
#define S3_BY_S2 (-0.004332425167f / 0.07943340142f * 0x1p-60f)
/* Octaves of attenuation at gain 1: an operator's output reaches 2^28, and x above is 2^30 at a crest. The chip's
 * highest output is 1/1024 octave below 2^14. */
#define GAIN_OFFSET (2.0f + 1.0f / 1024)
#define NO_ROW 255
#define NO_TICK UINT64_MAX

/* gain * sin(pi/2 u) for x = u * 2^30, of floats or of vectors. Feedback waits for this chain, so it is kept short. */
#define SINE(x, z, gain) (((S0 + S1 * (z)) + ((z) * (z) * S2) * (1.0f + S3_BY_S2 * (z))) * ((x) * (gain)))

/* The magnitude of a phase, but for 2^-32 cycles. */
#define DISTANCE(phase) ((phase) ^ ((phase) >> 31))

/* gain * sin(phase), the phase counted from a crest. */
SX_INLINE float oscillate(uint32_t from_crest, float gain)
{
  const float x = (float)((int32_t)QUARTER - DISTANCE((int32_t)from_crest));
  return SINE(x, x * x, gain);
}

SX_INLINE uint32_t as_phase(float modulation)
{
  return (uint32_t)(int32_t)modulation << MODULATION_SHIFT;
}

/* Where an operator's gains come from: its row, or, when its contour is a straight line and the span begins on one of
 * its slices, the line itself. */
typedef struct {
  const float *within;   /* NULL: from the row */
  float start[SX_SLICE]; /* of the line's slices */
  uint32_t slice;        /* of the line, with which the span begins */
} gains;

/* Gets outputs into `row`, slice by slice. */
SX_INLINE void run(float *restrict row, const gains *restrict from, const float *restrict modulation, uint32_t first,
                   uint32_t step, uint32_t slope, uint32_t frames, int is_line, int is_modulated, int is_gliding)
{
  for (uint32_t at = 0; at < frames; at += SX_SLICE) {
    const uint32_t phase = first + step * at;
    const float start = is_line ? from->start[from->slice + at / SX_SLICE] : 0.0f;
    SX_VECTOR_LOOP
    for (uint32_t k = 0; k < SX_SLICE; ++k) {
      const uint32_t i = at + k;
      const uint32_t glide = is_gliding ? slope * (i * (i - 1) / 2) : 0;
      const uint32_t modulated = phase + step * k + glide + (is_modulated ? as_phase(modulation[i]) : 0);
      row[i] = oscillate(modulated, is_line ? from->within[k] * start : row[i]);
    }
  }
}

SX_INLINE void run_operator(float *row, const gains *from, const float *modulation, uint32_t phase, uint32_t step,
                            uint32_t slope, uint32_t frames)
{
  const uint32_t first = phase - QUARTER;
  switch ((from->within != NULL ? 4 : 0) + (modulation != NULL ? 2 : 0) + (slope != 0)) {
  case 0: run(row, from, NULL, first, step, 0, frames, 0, 0, 0); break;
  case 1: run(row, from, NULL, first, step, slope, frames, 0, 0, 1); break;
  case 2: run(row, from, modulation, first, step, 0, frames, 0, 1, 0); break;
  case 3: run(row, from, modulation, first, step, slope, frames, 0, 1, 1); break;
  case 4: run(row, from, NULL, first, step, 0, frames, 1, 0, 0); break;
  case 5: run(row, from, NULL, first, step, slope, frames, 1, 0, 1); break;
  case 6: run(row, from, modulation, first, step, 0, frames, 1, 1, 0); break;
  default: run(row, from, modulation, first, step, slope, frames, 1, 1, 1); break;
  }
}

/* ---- feedback: voices in lanes ------------------------------------------ */

/* What the lanes carry from frame to frame. */
typedef struct {
  uint32_t phase[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  uint32_t step[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  uint32_t slope[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  float last[SX_CLEAN_TOGETHER];
  float before[SX_CLEAN_TOGETHER];
  float share[SX_CLEAN_TOGETHER]; /* of the last two outputs that is fed back: a power of two */
} lanes;

/* A slice of a path's operator k, of `count` voices, between their rows and their lanes. */
SX_INLINE void load_slice(float out[SX_SLICE][SX_CLEAN_TOGETHER], const sx_clean_path *rows, uint32_t k, uint32_t at,
                          uint32_t count)
{
  for (uint32_t lane = 0; lane < count; lane += 4) {
    for (uint32_t i = 0; i < SX_SLICE; i += 4) {
      sx_transpose4(&out[i][lane], SX_CLEAN_TOGETHER, &rows[lane][k][at + i], SX_LONGEST_PATH * SX_CLEAN_ROW);
    }
  }
}

SX_INLINE void store_slice(sx_clean_path *rows, const float in[SX_SLICE][SX_CLEAN_TOGETHER], uint32_t k, uint32_t at,
                           uint32_t count)
{
  for (uint32_t lane = 0; lane < count; lane += 4) {
    for (uint32_t i = 0; i < SX_SLICE; i += 4) {
      sx_transpose4(&rows[lane][k][at + i], SX_LONGEST_PATH * SX_CLEAN_ROW, &in[i][lane], SX_CLEAN_TOGETHER);
    }
  }
}

/* Operator k of a path is fed by operator k + 1, the last by operator 0. `count` is a multiple of four; lanes beyond
 * it are idle. */
SX_INLINE void run_lanes(lanes *restrict l, sx_clean_path *restrict rows, uint32_t length, uint32_t width,
                         uint32_t count, uint32_t frames, int is_gliding)
{
  float value[SX_LONGEST_PATH][SX_SLICE][SX_CLEAN_TOGETHER];
  memset(value, 0, length * sizeof value[0]);
  for (uint32_t at = SX_SLICE; at < SX_SLICE + frames; at += SX_SLICE) {
    for (uint32_t k = 0; k < length; ++k) {
      load_slice(value[k], rows, k, at, count);
    }
    for (uint32_t i = 0; i < SX_SLICE; ++i) {
      for (uint32_t lane = 0; lane < width; ++lane) {
        float y = (l->last[lane] + l->before[lane]) * l->share[lane];
        for (uint32_t k = length; k-- > 0;) {
          y = oscillate(l->phase[k][lane] + as_phase(y), value[k][i][lane]);
          value[k][i][lane] = y;
          l->phase[k][lane] += l->step[k][lane];
          l->step[k][lane] += is_gliding ? l->slope[k][lane] : 0;
        }
        l->before[lane] = l->last[lane];
        l->last[lane] = y;
      }
    }
    for (uint32_t k = 0; k < length; ++k) {
      store_slice(rows, value[k], k, at, count);
    }
  }
}

SX_INLINE void run_paths(lanes *l, sx_clean_path *rows, uint32_t length, uint32_t count, uint32_t frames,
                         int is_gliding)
{
  const uint32_t fours = (count + 3) / 4 * 4;
  if (count <= SX_LANES) {
    run_lanes(l, rows, length, SX_LANES, fours, frames, is_gliding);
  } else if (count <= 2 * SX_LANES) {
    run_lanes(l, rows, length, 2 * SX_LANES, fours, frames, is_gliding);
  } else {
    run_lanes(l, rows, length, SX_CLEAN_TOGETHER, fours, frames, is_gliding);
  }
}

SX_CLONED static void run_feedback(lanes *l, sx_clean_path *rows, uint32_t length, uint32_t count, uint32_t frames,
                                   int is_gliding)
{
  switch (2 * length + (is_gliding != 0)) {
  case 2: run_paths(l, rows, 1, count, frames, 0); break;
  case 3: run_paths(l, rows, 1, count, frames, 1); break;
  case 4:
  case 5: run_paths(l, rows, 2, count, frames, 1); break;
  default: run_paths(l, rows, SX_LONGEST_PATH, count, frames, 1); break;
  }
}

/* ---- feedback: a lone voice --------------------------------------------- */

typedef struct {
  uint32_t phase[SX_LONGEST_PATH];
  uint32_t step[SX_LONGEST_PATH];
  uint32_t slope[SX_LONGEST_PATH];
  float share;
  float last;   /* the share of it */
  float before;
} lone;

/* The chain of a lone voice never leaves the vector registers: the way through the others takes half as long again. */
#if defined(SX_HAS_VECTORS)

typedef sx_quarter one; /* of which only the first is used */

SX_INLINE one to_one(float value)
{
  return (one){ value };
}

SX_INLINE float from_one(one value)
{
  return value[0];
}

/* Returns gain * sin(phase + modulation), and what of it is fed back. */
SX_INLINE one oscillate_one(uint32_t from_crest, one modulation, one gain, one shared_gain, one *share)
{
  const sx_quarter_uint crest = { from_crest };
  const sx_quarter_uint shift = (sx_quarter_uint)__builtin_convertvector(modulation, sx_quarter_int) << MODULATION_SHIFT;
  const sx_quarter_int there = (sx_quarter_int)(crest + shift);
  const one x = __builtin_convertvector((int32_t)QUARTER - DISTANCE(there), one);
  const one z = x * x;
  *share = SINE(x, z, shared_gain); /* sooner than by multiplying the result; all but the end is computed once */
  return SINE(x, z, gain);
}

#else

typedef float one;

SX_INLINE one to_one(float value)
{
  return value;
}

SX_INLINE float from_one(one value)
{
  return value;
}

SX_INLINE one oscillate_one(uint32_t from_crest, one modulation, one gain, one shared_gain, one *share)
{
  *share = oscillate(from_crest + as_phase(modulation), shared_gain);
  return oscillate(from_crest + as_phase(modulation), gain);
}

#endif

SX_INLINE void run_alone(lone *l, sx_clean_path rows, uint32_t length, uint32_t frames)
{
  one last = to_one(l->last);
  one before = to_one(l->before);
  for (uint32_t i = SX_SLICE; i < SX_SLICE + frames; ++i) {
    one y = last + before;
    before = last;
    for (uint32_t k = length; k-- > 0;) {
      const float gain = rows[k][i];
      y = oscillate_one(l->phase[k], y, to_one(gain), to_one(gain * l->share), &last);
      rows[k][i] = from_one(y);
      l->phase[k] += l->step[k];
      l->step[k] += l->slope[k];
    }
  }
}

SX_CLONED static void run_lone_path(lone *l, sx_clean_path rows, uint32_t length, uint32_t frames)
{
  switch (length) {
  case 1: run_alone(l, rows, 1, frames); break;
  case 2: run_alone(l, rows, 2, frames); break;
  default: run_alone(l, rows, SX_LONGEST_PATH, frames); break;
  }
}

void sx_clean_silence(sx_clean_state *state)
{
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_contour_silence(&state->contour[op]);
  }
  state->tick_frame = NO_TICK;
  state->last = 0.0f;
  state->before = 0.0f;
}

/* ---- gains -------------------------------------------------------------- */

SX_CLONED static void to_gains(float *logarithm, uint32_t count)
{
  for (uint32_t i = 0; i < count; ++i) {
    logarithm[i] = sx_power_of_two(logarithm[i]);
  }
}

static float offset_of(const sx_patch *patch, uint32_t op)
{
  const int is_carrier = (patch->algorithm->carriers >> op) & 1;
  return GAIN_OFFSET + (is_carrier ? (float)patch->compensation / 1024 : 0.0f);
}

/* Amplitude modulation of an operator until the next tick. Returns 0 if there is none. */
static int tremolo_of(const sx_clean_work *work, const sx_program *program, uint32_t op, sx_tremolo *tremolo)
{
  const uint32_t sensitivity = program->patch.op[op].am_sensitivity;
  if (sensitivity == 0 || (program->amplitude_before | program->amplitude) == 0) {
    return 0;
  }
  const double from = program->amplitude_before << sensitivity;
  const double to = program->amplitude << sensitivity;
  *tremolo = (sx_tremolo){ work->tick_frame, from, (to - from) / work->tick_frames };
  return 1;
}

typedef struct {
  sx_contour *contour[SX_CLEAN_TOGETHER * SX_OPERATORS];
  float gain[SX_CLEAN_TOGETHER * SX_OPERATORS]; /* first its logarithm */
  uint32_t count;
} anchored;

static void anchor_voice(anchored *list, const sx_clean_work *work, sx_voice *voice)
{
  const sx_program *program = voice->program;
  sx_tremolo tremolo;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_contour *contour = &voice->clean.contour[op];
    sx_contour_advance(contour, &voice->envelope[op], &program->patch.op[op], voice->pitch_register, voice->rate,
                       work->frame);
    if (!sx_contour_is_silent(contour)) {
      const int trembles = tremolo_of(work, program, op, &tremolo);
      list->contour[list->count] = contour;
      list->gain[list->count++] =
        sx_contour_anchor(contour, trembles ? &tremolo : NULL, offset_of(&program->patch, op), work->frame);
    }
  }
  voice->clean.tick_frame = work->tick_frame;
}

/* Counts the gains of voices that have seen a tick from there on. */
static void anchor_contours(sx_clean_work *work, uint32_t count)
{
  anchored list;
  list.count = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (work->voice[i]->clean.tick_frame != work->tick_frame) {
      anchor_voice(&list, work, work->voice[i]);
    }
  }
  to_gains(list.gain, list.count);
  for (uint32_t i = 0; i < list.count; ++i) {
    list.contour[i]->gain = list.gain[i];
  }
}

static int run_curved_contour(const sx_clean_work *work, sx_voice *voice, uint32_t op, float *row)
{
  const sx_program *program = voice->program;
  sx_tremolo tremolo;
  const int trembles = tremolo_of(work, program, op, &tremolo);
  return sx_contour_run(&voice->clean.contour[op], &voice->envelope[op], &program->patch.op[op], voice->pitch_register,
                        voice->rate, trembles ? &tremolo : NULL, offset_of(&program->patch, op), work->frame,
                        work->frames, row);
}

/* Gains of an operator into a row. Returns 0 if all are 0. */
SX_INLINE int run_contour(const sx_clean_work *work, sx_voice *voice, uint32_t op, float *row)
{
  const sx_contour *contour = &voice->clean.contour[op];
  if (contour->straight_end < work->frame + work->frames) {
    return run_curved_contour(work, voice, op, row);
  }
  if (contour->gain == 0.0f) {
    return 0;
  }
  sx_contour_fill(contour, work->frame, work->frames, row);
  memset(row + SX_SLICE + work->frames, 0, SX_SLICE * sizeof *row);
  return 1;
}

/* ---- feedback paths ------------------------------------------------------ */

static float feedback_share(const sx_patch *patch)
{
  return 1.0f / (float)(1u << patch->feedback_shift);
}

/* The gains of a voice's feedback path into a row. Returns 0 if it is silent, and then forgets its last outputs. */
SX_CLONED static int prepare_path(const sx_clean_work *work, sx_voice *voice, sx_clean_path row)
{
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  const uint32_t length = sx_feedback_length(algorithm);
  int sounds[SX_LONGEST_PATH];
  int is_audible = 0;
  for (uint32_t k = 0; k < length; ++k) {
    sounds[k] = run_contour(work, voice, algorithm->feedback_source + k, row[k]);
    is_audible |= sounds[k];
  }
  for (uint32_t k = 0; is_audible && k < length; ++k) {
    if (!sounds[k]) {
      memset(row[k], 0, sizeof row[k]);
    }
  }
  if (!is_audible) {
    voice->clean.before = work->frames > 1 ? 0.0f : voice->clean.last;
    voice->clean.last = 0.0f;
  }
  return is_audible;
}

static lone lone_voice(const sx_voice *voice)
{
  const sx_patch *patch = &voice->program->patch;
  const float share = feedback_share(patch);
  lone l = { { 0 }, { 0 }, { 0 }, share, voice->clean.last * share, voice->clean.before * share };
  for (uint32_t k = 0; k < sx_feedback_length(patch->algorithm); ++k) {
    const uint32_t op = patch->algorithm->feedback_source + k;
    l.phase[k] = voice->phases.phase[op] - QUARTER;
    l.step[k] = voice->phases.step[op];
    l.slope[k] = (uint32_t)voice->phases.slope[op];
  }
  return l;
}

static void enter_lane(lanes *l, uint32_t lane, const sx_voice *voice)
{
  const sx_patch *patch = &voice->program->patch;
  for (uint32_t k = 0; k < sx_feedback_length(patch->algorithm); ++k) {
    const uint32_t op = patch->algorithm->feedback_source + k;
    l->phase[k][lane] = voice->phases.phase[op] - QUARTER;
    l->step[k][lane] = voice->phases.step[op];
    l->slope[k][lane] = (uint32_t)voice->phases.slope[op];
  }
  l->last[lane] = voice->clean.last;
  l->before[lane] = voice->clean.before;
  l->share[lane] = feedback_share(patch);
}

static void remember(sx_clean_state *state, const float *outputs, uint32_t frames)
{
  state->before = frames > 1 ? outputs[frames - 2] : state->last;
  state->last = outputs[frames - 1];
}

/* Paths of one length, side by side. */
static void run_paths_together(const sx_clean_work *work, const uint32_t *index, uint32_t count, uint32_t length,
                               sx_clean_path *rows)
{
  lanes l;
  int is_gliding = 0;
  memset(&l, 0, sizeof l);
  memset(rows[count], 0, (3 - (count + 3) % 4) * sizeof rows[count]); /* lanes go by fours */
  for (uint32_t lane = 0; lane < count; ++lane) {
    enter_lane(&l, lane, work->voice[index[lane]]);
    is_gliding |= work->voice[index[lane]]->gliding;
  }
  run_feedback(&l, rows, length, count, work->frames, is_gliding);
}

/* The paths of these voices, all of one length, in rows from `first` on. Returns how many sound. */
static uint32_t run_paths_of(sx_clean_work *work, const uint32_t *index, uint32_t count, uint32_t length,
                             uint32_t first)
{
  uint32_t sounding[SX_CLEAN_TOGETHER];
  sx_clean_path *rows = work->path + first;
  uint32_t used = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const int sounds = prepare_path(work, work->voice[index[i]], rows[used]);
    work->row_of[index[i]] = (uint8_t)(sounds ? first + used : NO_ROW);
    sounding[used] = index[i];
    used += sounds != 0;
  }
  if (used == 1) {
    lone l = lone_voice(work->voice[sounding[0]]);
    run_lone_path(&l, rows[0], length, work->frames);
  } else if (used > 1) {
    run_paths_together(work, sounding, used, length, rows);
  }
  for (uint32_t lane = 0; lane < used; ++lane) {
    remember(&work->voice[sounding[lane]]->clean, rows[lane][0] + SX_SLICE, work->frames);
  }
  return used;
}

void sx_clean_begin(sx_clean_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame, uint32_t frames)
{
  uint32_t index[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  uint32_t of_length[SX_LONGEST_PATH] = { 0 };
  work->frame = frame;
  work->frames = frames;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t at = sx_feedback_length(voices[i]->program->patch.algorithm) - 1;
    work->voice[i] = voices[i];
    index[at][of_length[at]++] = i;
    sx_voice_run_phases(voices[i], frame);
  }
  anchor_contours(work, count);
  uint32_t used = 0;
  for (uint32_t at = 0; at < SX_LONGEST_PATH; ++at) {
    used += run_paths_of(work, index[at], of_length[at], at + 1, used);
  }
}

/* ---- the rest of a voice ------------------------------------------------- */

SX_INLINE void add(float *restrict sum, const float *restrict a, const float *restrict b, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] = a[i] + b[i];
  }
}

SX_INLINE void add_to(float *restrict sum, const float *restrict addend, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] += addend[i];
  }
}

/* The sum of these operators' outputs, perhaps in work->sum, or NULL if there are none. */
SX_INLINE const float *sum_of(sx_clean_work *work, float *const output[SX_OPERATORS], uint32_t operators,
                              uint32_t frames)
{
  if (operators == 0) {
    return NULL;
  }
  const float *first = output[sx_lowest_bit(operators)];
  operators &= operators - 1;
  if (operators == 0) {
    return first;
  }
  add(work->sum, first, output[sx_lowest_bit(operators)], frames);
  while ((operators &= operators - 1) != 0) {
    add_to(work->sum, output[sx_lowest_bit(operators)], frames);
  }
  return work->sum;
}

SX_INLINE void to_chip_units(float *restrict out, const float *sum, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = sum[i] * CHIP_UNIT;
  }
}

static void apply_fade(const sx_voice *voice, float *samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    samples[i] *= (float)(int32_t)sx_voice_fade(voice, i) / (float)voice->rate->fade;
  }
}

SX_INLINE uint32_t whole_slices(uint32_t frames)
{
  return (frames + SX_SLICE - 1) / SX_SLICE * SX_SLICE;
}

/* Returns 0 if the operator is silent. */
SX_INLINE int find_gains(sx_clean_work *work, sx_voice *voice, uint32_t op, gains *found)
{
  const sx_contour *contour = &voice->clean.contour[op];
  const uint32_t at = (uint32_t)(work->frame - contour->anchor);
  found->within = NULL;
  if (contour->straight_end < work->frame + whole_slices(work->frames) || contour->gain == 0.0f ||
      at % SX_SLICE != 0) {
    return run_contour(work, voice, op, work->row[op]);
  }
  found->within = contour->within;
  found->slice = at / SX_SLICE;
  sx_lanes_scale(found->start, contour->between, contour->gain);
  return 1;
}

/* The sum of the carriers in this span, or NULL. */
SX_INLINE const float *run_algorithm(sx_clean_work *work, sx_voice *voice, uint32_t path_row)
{
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  const sx_phases *phases = &voice->phases;
  const uint32_t path = sx_feedback_operators(algorithm);
  const uint32_t whole = whole_slices(work->frames);
  float *output[SX_OPERATORS] = { NULL }; /* of those that may sound */
  gains from[SX_OPERATORS];
  uint32_t audible = path_row == NO_ROW ? 0 : path;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if ((path >> op) & 1) {
      output[op] = path_row == NO_ROW ? NULL : work->path[path_row][op - algorithm->feedback_source] + SX_SLICE;
    } else {
      output[op] = work->row[op] + SX_SLICE;
      audible |= (uint32_t)find_gains(work, voice, op, &from[op]) << op;
    }
  }
  const uint32_t heard = sx_heard_operators(algorithm, audible);
  for (uint32_t op = SX_OPERATORS; op-- > 0;) { /* modulators before their targets */
    if (((heard & ~path) >> op) & 1) {
      const float *modulation = sum_of(work, output, algorithm->sources[op] & audible, whole);
      run_operator(output[op], &from[op], modulation, phases->phase[op], phases->step[op],
                   (uint32_t)phases->slope[op], whole);
    }
  }
  return sum_of(work, output, algorithm->carriers & audible, whole);
}

SX_CLONED const float *sx_clean_finish(sx_clean_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  const float *sum = run_algorithm(work, voice, work->row_of[index]);
  sx_voice_run_phases(voice, work->frame + work->frames);
  sx_voice_settle(voice);
  if (sum != NULL) {
    to_chip_units(work->samples, sum, work->frames);
  }
  if (voice->fade > 0) {
    if (sum != NULL) {
      apply_fade(voice, work->samples, work->frames);
    }
    sx_voice_fade_by(voice, work->frames);
  }
  return sum != NULL ? work->samples : NULL;
}
