/* SPDX-License-Identifier: Apache-2.0
 *
 * The `clean` kernel: the same six operators in floating point, at the device's
 * rate, phase and amplitude at full resolution.
 *
 *     output = gain * sin(phase + modulation)
 *
 * Outputs are in 2^-26 cycles of phase, so that a sum of modulators becomes a
 * phase by one conversion.
 *
 * An operator is computed across the frames of a span, as vectors. Only the
 * feedback paths wait for themselves frame by frame, so those of many voices
 * are computed side by side, a voice in each lane. Each value is made by the
 * same operations in either way.
 */
#ifndef SIXOP_CLEAN_H
#define SIXOP_CLEAN_H

#include <stdint.h>

#include "algorithms.h"
#include "attributes.h"
#include "contour.h"

#define SX_CLEAN_TOGETHER 64 /* voices */
#define SX_CLEAN_UNIT (1.0f / (1 << 14)) /* of a sample, in chip units */
#define SX_CLEAN_PATHS (SX_CLEAN_TOGETHER + 3 * SX_LONGEST_PATH) /* those of one length go by fours */

typedef struct sx_voice sx_voice;

/* What a voice remembers. */
typedef struct {
  sx_contour contour[SX_OPERATORS];
  uint64_t tick_frame; /* of the tick it has seen last */
  float last;    /* output of the operator that feeds back */
  float before;
} sx_clean_state;

typedef struct {
  uint64_t frame;
  uint32_t frames;
  uint32_t tick_frames; /* from the last tick to the next */
  uint64_t tick_frame;  /* of the last tick */
} sx_clean_span;

/* Of the operators of a feedback path: gains, and after them the outputs. */
typedef float sx_clean_path[SX_LONGEST_PATH][SX_CLEAN_ROW];

typedef struct {
  _Alignas(SX_CACHE_LINE) sx_clean_path path[SX_CLEAN_PATHS]; /* those that sound */
  float row[SX_OPERATORS][SX_CLEAN_ROW]; /* the same of one voice's other operators */
  float sum[SX_CLEAN_ROW];
  sx_voice *voice[SX_CLEAN_TOGETHER];
  uint8_t row_of[SX_CLEAN_TOGETHER];    /* of each voice: where in `path` it is */
  sx_clean_span span;
} sx_clean_work;

void sx_clean_silence(sx_clean_state *state) SX_REALTIME;

static inline int sx_clean_remembers(const sx_clean_state *state)
{
  return state->last != 0.0f || state->before != 0.0f;
}

/* Up to SX_CLEAN_TOGETHER voices, none at rest, for up to SX_CLEAN_BLOCK frames from `frame` on, without a tick or
 * event inside. The work's tick frames are the caller's to keep. */
void sx_clean_begin(sx_clean_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame,
                    uint32_t frames) SX_REALTIME;
/* Each voice once, in any order. Returns its samples, good until the next call, or NULL if all are silent. */
const float *sx_clean_finish(sx_clean_work *work, uint32_t index) SX_REALTIME;

#endif
