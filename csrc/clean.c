/* SPDX-License-Identifier: Apache-2.0 */
#include "clean.h"

#include <stddef.h>
#include <string.h>

#include "clean_feedback.h"
#include "clean_operator.h"
#include "voice.h"

#define NO_TICK UINT64_MAX

void sx_clean_silence(sx_clean_state *state)
{
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_contour_silence(&state->contour[op]);
  }
  state->tick_frame = NO_TICK;
  state->last = 0.0f;
  state->before = 0.0f;
}

void sx_clean_begin(sx_clean_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame, uint32_t frames)
{
  work->span.frame = frame;
  work->span.frames = frames;
  for (uint32_t i = 0; i < count; ++i) {
    work->voice[i] = voices[i];
    sx_voice_run_phases(voices[i], frame);
  }
  sx_clean_anchor(&work->span, work->voice, count);
  sx_clean_run_feedback(work, count);
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

static void apply_fade(const sx_voice *voice, float *samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    samples[i] *= (float)(int32_t)sx_voice_fade(voice, i) / (float)voice->rate->fade;
  }
}

/* The sum with one more addend, which is the first sum. */
SX_INLINE float *with(float *sum, float *addend, uint32_t frames)
{
  if (sum == NULL) {
    return addend;
  }
  add_to(sum, addend, frames);
  return sum;
}

/* The sum of the carriers in this span, or NULL. Carriers modulate nobody, but perhaps their feedback path, so their
 * rows may be overwritten. Most of them add to it themselves. */
SX_INLINE float *run_algorithm(sx_clean_work *work, sx_voice *voice, uint32_t path_row)
{
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  const sx_phases *phases = &voice->phases;
  const uint32_t path = sx_feedback_operators(algorithm);
  const uint32_t whole = SX_SLICE * sx_clean_slices(&work->span);
  float *output[SX_OPERATORS] = { NULL }; /* of those that may sound */
  sx_clean_gains from[SX_OPERATORS];
  uint32_t audible = path_row == SX_CLEAN_NO_PATH ? 0 : path;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if ((path >> op) & 1) {
      output[op] =
        path_row == SX_CLEAN_NO_PATH ? NULL : work->path[path_row][op - algorithm->feedback_source] + SX_SLICE;
    } else {
      output[op] = work->row[op] + SX_SLICE;
      audible |= (uint32_t)sx_clean_find_gains(&work->span, voice, op, work->row[op], &from[op]) << op;
    }
  }
  const uint32_t heard = sx_heard_operators(algorithm, audible);
  float *sum = NULL;
  for (uint32_t op = SX_OPERATORS; op-- > 0;) { /* modulators before their targets */
    const int is_carrier = (algorithm->carriers >> op) & 1;
    if (((heard & ~path) >> op) & 1) {
      const float *modulation = sum_of(work, output, algorithm->sources[op] & audible, whole);
      const int is_added = is_carrier && sum != NULL && from[op].within != NULL;
      sx_clean_run_operator(is_added ? sum : output[op], &from[op], modulation, phases->phase[op], phases->step[op],
                   (uint32_t)phases->slope[op], whole, is_added);
      if (is_added) {
        continue;
      }
    }
    if (is_carrier && ((heard >> op) & 1)) {
      sum = with(sum, output[op], whole);
    }
  }
  return sum;
}

SX_CLONED const float *sx_clean_finish(sx_clean_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  float *sum = run_algorithm(work, voice, work->row_of[index]);
  sx_voice_run_phases(voice, work->span.frame + work->span.frames);
  sx_voice_settle(voice);
  if (voice->fade > 0) {
    if (sum != NULL) {
      apply_fade(voice, sum, work->span.frames);
    }
    sx_voice_fade_by(voice, work->span.frames);
  }
  return sum;
}
