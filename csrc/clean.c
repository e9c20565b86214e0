/* SPDX-License-Identifier: Apache-2.0 */
#include "clean.h"

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

/* gain * sin(phase). Feedback waits for this chain, so it is kept short. */
SX_INLINE float oscillate(uint32_t phase, float gain)
{
  const uint32_t from_crest = phase - QUARTER;
  const uint32_t sign = 0u - (from_crest >> 31);
  const uint32_t distance = (from_crest ^ sign) - sign;
  const float x = (float)(int32_t)(QUARTER - distance);
  const float z = x * x;
  return ((S0 + S1 * z) + (z * z * S2) * (1.0f + S3_BY_S2 * z)) * (x * gain);
}

SX_INLINE uint32_t as_phase(float modulation)
{
  return (uint32_t)(int32_t)modulation << MODULATION_SHIFT;
}

/* `row` holds gains and gets outputs. */
SX_INLINE void run(float *restrict row, const float *restrict modulation, uint32_t phase, uint32_t step, uint32_t slope,
                   uint32_t frames, int is_modulated, int is_gliding)
{
  for (uint32_t i = 0; i < frames; ++i) {
    uint32_t p = phase + step * i;
    p += is_gliding ? slope * (i * (i - 1) / 2) : 0;
    p += is_modulated ? as_phase(modulation[i]) : 0;
    row[i] = oscillate(p, row[i]);
  }
}

SX_CLONED static void run_operator(float *restrict row, const float *restrict modulation, uint32_t phase, uint32_t step,
                                   uint32_t slope, uint32_t frames)
{
  if (slope == 0 && modulation == NULL) {
    run(row, NULL, phase, step, 0, frames, 0, 0);
  } else if (slope == 0) {
    run(row, modulation, phase, step, 0, frames, 1, 0);
  } else if (modulation == NULL) {
    run(row, NULL, phase, step, slope, frames, 0, 1);
  } else {
    run(row, modulation, phase, step, slope, frames, 1, 1);
  }
}

/* ---- feedback: voices in lanes ------------------------------------------ */

#define LANES 16

typedef struct {
  float *row[SX_CLEAN_TOGETHER][SX_LONGEST_PATH];
  uint32_t phase[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  uint32_t step[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  uint32_t slope[SX_LONGEST_PATH][SX_CLEAN_TOGETHER];
  float last[SX_CLEAN_TOGETHER];
  float before[SX_CLEAN_TOGETHER];
  float share[SX_CLEAN_TOGETHER]; /* of the last two outputs that is fed back */
} lanes;

SX_INLINE void load_slice(float out[SX_SLICE][SX_CLEAN_TOGETHER], float *const rows[SX_CLEAN_TOGETHER][SX_LONGEST_PATH],
                          uint32_t k, uint32_t at, uint32_t count)
{
  for (uint32_t lane = 0; lane < count; ++lane) {
    for (uint32_t i = 0; i < SX_SLICE; ++i) {
      out[i][lane] = rows[lane][k][at + i];
    }
  }
}

SX_INLINE void store_slice(float *const rows[SX_CLEAN_TOGETHER][SX_LONGEST_PATH],
                           float in[SX_SLICE][SX_CLEAN_TOGETHER], uint32_t k, uint32_t at, uint32_t count)
{
  for (uint32_t lane = 0; lane < count; ++lane) {
    for (uint32_t i = 0; i < SX_SLICE; ++i) {
      rows[lane][k][at + i] = in[i][lane];
    }
  }
}

/* row[k] is fed by row[k + 1], the last one by row[0]. */
SX_INLINE void run_lanes(lanes *l, uint32_t length, uint32_t width, uint32_t count, uint32_t frames)
{
  float value[SX_LONGEST_PATH][SX_SLICE][SX_CLEAN_TOGETHER];
  memset(value, 0, sizeof value);
  for (uint32_t at = 0; at < frames; at += SX_SLICE) {
    for (uint32_t k = 0; k < length; ++k) {
      load_slice(value[k], l->row, k, at, count);
    }
    for (uint32_t i = 0; i < SX_SLICE; ++i) {
      for (uint32_t lane = 0; lane < width; ++lane) {
        float y = (l->last[lane] + l->before[lane]) * l->share[lane];
        for (uint32_t k = length; k-- > 0;) {
          y = oscillate(l->phase[k][lane] + as_phase(y), value[k][i][lane]);
          value[k][i][lane] = y;
          l->phase[k][lane] += l->step[k][lane];
          l->step[k][lane] += l->slope[k][lane];
        }
        l->before[lane] = l->last[lane];
        l->last[lane] = y;
      }
    }
    for (uint32_t k = 0; k < length; ++k) {
      store_slice(l->row, value[k], k, at, count);
    }
  }
}

SX_INLINE void run_one(lanes *l, uint32_t length, uint32_t frames)
{
  float last = l->last[0];
  float before = l->before[0];
  for (uint32_t i = 0; i < frames; ++i) {
    float y = (last + before) * l->share[0];
    for (uint32_t k = length; k-- > 0;) {
      y = oscillate(l->phase[k][0] + as_phase(y), l->row[0][k][i]);
      l->row[0][k][i] = y;
      l->phase[k][0] += l->step[k][0];
      l->step[k][0] += l->slope[k][0];
    }
    before = last;
    last = y;
  }
}

SX_INLINE void run_paths(lanes *l, uint32_t length, uint32_t count, uint32_t frames)
{
  if (count == 1) {
    run_one(l, length, frames);
  } else if (count <= LANES) {
    run_lanes(l, length, LANES, count, frames);
  } else if (count <= 2 * LANES) {
    run_lanes(l, length, 2 * LANES, count, frames);
  } else {
    run_lanes(l, length, SX_CLEAN_TOGETHER, count, frames);
  }
}

SX_CLONED static void run_feedback(lanes *l, uint32_t length, uint32_t count, uint32_t frames)
{
  switch (length) {
  case 1: run_paths(l, 1, count, frames); break;
  case 2: run_paths(l, 2, count, frames); break;
  default: run_paths(l, SX_LONGEST_PATH, count, frames); break;
  }
}

/* ---- voices ------------------------------------------------------------- */

static int run_contour(const sx_clean_work *work, sx_voice *voice, uint32_t op, float *row)
{
  const sx_program *program = voice->program;
  const sx_operator_patch *patch = &program->patch.op[op];
  const int is_carrier = (program->patch.algorithm->carriers >> op) & 1;
  const float offset = GAIN_OFFSET + (is_carrier ? (float)program->patch.compensation / 1024 : 0.0f);
  const float from = (float)(program->amplitude_before << patch->am_sensitivity);
  const float to = (float)(program->amplitude << patch->am_sensitivity);
  const sx_addend tremolo = { (double)work->tick_frame, from, (to - from) / (float)work->tick_frames };
  const int trembles = patch->am_sensitivity > 0 && (from > 0.0f || to > 0.0f);
  return sx_contour_run(&voice->clean.contour[op], &voice->envelope[op], patch, voice->pitch_register, voice->rate,
                        trembles ? &tremolo : NULL, offset, work->frame, work->frames, row);
}

static uint32_t path_length(const sx_algorithm *algorithm)
{
  return algorithm->feedback_target - algorithm->feedback_source + 1u;
}

/* The gains of a voice's feedback path. Returns 0 if it is silent, and then forgets its last outputs. */
static int prepare_path(sx_clean_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  int is_audible = 0;
  for (uint32_t k = 0; k < path_length(algorithm); ++k) {
    float *row = work->path[index][k];
    const int sounds = run_contour(work, voice, algorithm->feedback_source + k, row);
    if (!sounds) {
      memset(row, 0, SX_CLEAN_ROW * sizeof *row);
    }
    is_audible |= sounds;
  }
  if (!is_audible) {
    voice->clean.before = work->frames > 1 ? 0.0f : voice->clean.last;
    voice->clean.last = 0.0f;
  }
  return is_audible;
}

static void enter_lane(lanes *l, uint32_t lane, sx_clean_work *work, uint32_t index)
{
  const sx_voice *voice = work->voice[index];
  const sx_patch *patch = &voice->program->patch;
  for (uint32_t k = 0; k < path_length(patch->algorithm); ++k) {
    const uint32_t op = patch->algorithm->feedback_source + k;
    l->row[lane][k] = work->path[index][k] + SX_SLICE;
    l->phase[k][lane] = voice->phases.phase[op];
    l->step[k][lane] = voice->phases.step[op];
    l->slope[k][lane] = (uint32_t)voice->phases.slope[op];
  }
  l->last[lane] = voice->clean.last;
  l->before[lane] = voice->clean.before;
  l->share[lane] = 1.0f / (float)(1u << patch->feedback_shift);
}

static void remember(sx_clean_state *state, const float *outputs, uint32_t frames)
{
  state->before = frames > 1 ? outputs[frames - 2] : state->last;
  state->last = outputs[frames - 1];
}

/* The paths of one length, all at once. */
static void run_paths_of(sx_clean_work *work, uint32_t count, uint32_t length)
{
  lanes l;
  uint32_t index[SX_CLEAN_TOGETHER];
  uint32_t used = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (work->has_path[i] && path_length(work->voice[i]->program->patch.algorithm) == length) {
      if (used == 0) {
        memset(&l, 0, sizeof l);
      }
      enter_lane(&l, used, work, i);
      index[used++] = i;
    }
  }
  if (used == 0) {
    return;
  }
  run_feedback(&l, length, used, work->frames);
  for (uint32_t i = 0; i < used; ++i) {
    remember(&work->voice[index[i]]->clean, work->path[index[i]][0] + SX_SLICE, work->frames);
  }
}

void sx_clean_silence(sx_clean_state *state)
{
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_contour_silence(&state->contour[op]);
  }
  state->last = 0.0f;
  state->before = 0.0f;
}

void sx_clean_begin(sx_clean_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame, uint32_t frames)
{
  work->frame = frame;
  work->frames = frames;
  for (uint32_t i = 0; i < count; ++i) {
    work->voice[i] = voices[i];
    sx_voice_run_phases(voices[i], frame);
    work->has_path[i] = (uint8_t)prepare_path(work, i);
  }
  for (uint32_t length = 1; length <= SX_LONGEST_PATH; ++length) {
    run_paths_of(work, count, length);
  }
}

/* The operators of one voice in this span. */
typedef struct {
  const sx_algorithm *algorithm;
  const float *output[SX_OPERATORS]; /* NULL: silent, or reaching nothing that sounds */
} wiring;

static void add(float *restrict sum, const float *restrict addend, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    sum[i] += addend[i];
  }
}

/* The sum of these operators' outputs, or NULL if they are all silent. */
static const float *sum_of(sx_clean_work *work, const wiring *w, uint32_t operators, uint32_t frames)
{
  const float *sum = NULL;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const float *output = (operators >> op) & 1 ? w->output[op] : NULL;
    if (output == NULL) {
      continue;
    }
    if (sum == NULL) {
      sum = output;
    } else {
      if (sum != work->sum) {
        memcpy(work->sum, sum, frames * sizeof *sum);
        sum = work->sum;
      }
      add(work->sum, output, frames);
    }
  }
  return sum;
}

static const float *in_chip_units(sx_clean_work *work, const float *sum)
{
  for (uint32_t i = 0; i < work->frames; ++i) {
    work->sum[i] = sum[i] * CHIP_UNIT;
  }
  return work->sum;
}

static void apply_fade(const sx_voice *voice, float *samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    samples[i] *= (float)(int32_t)sx_voice_fade(voice, i) * (1.0f / SX_FADE);
  }
}

/* Operators that reach a carrier through others that may sound. */
static uint32_t reaching(const sx_algorithm *algorithm, uint32_t audible)
{
  uint32_t needed = algorithm->carriers;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) { /* targets before their modulators */
    if (needed & audible & (1u << op)) {
      needed |= algorithm->sources[op];
    }
  }
  return needed & audible;
}

const float *sx_clean_finish(sx_clean_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  const uint32_t whole = (work->frames + SX_SLICE - 1) / SX_SLICE * SX_SLICE;
  wiring w = { algorithm, { NULL } };
  uint32_t audible = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const uint32_t k = op - algorithm->feedback_source;
    if (k < path_length(algorithm)) {
      w.output[op] = work->has_path[index] ? work->path[index][k] + SX_SLICE : NULL;
      audible |= (uint32_t)work->has_path[index] << op;
    } else {
      audible |= (uint32_t)run_contour(work, voice, op, work->row[op]) << op;
    }
  }
  const uint32_t needed = reaching(algorithm, audible);
  for (uint32_t op = SX_OPERATORS; op-- > 0;) {
    if (((needed >> op) & 1) && w.output[op] == NULL) {
      float *row = work->row[op] + SX_SLICE;
      const float *modulation = sum_of(work, &w, algorithm->sources[op], whole);
      run_operator(row, modulation, voice->phases.phase[op], voice->phases.step[op], (uint32_t)voice->phases.slope[op],
                   whole);
      w.output[op] = row;
    }
  }
  const float *heard = sum_of(work, &w, algorithm->carriers, work->frames);
  if (heard != NULL) {
    heard = in_chip_units(work, heard);
  }
  sx_voice_run_phases(voice, work->frame + work->frames);
  sx_voice_settle(voice);
  if (voice->fade > 0) {
    if (heard != NULL) {
      apply_fade(voice, work->sum, work->frames);
    }
    sx_voice_fade_by(voice, work->frames);
  }
  return heard;
}
