/* SPDX-License-Identifier: Apache-2.0
 *
 * One operator of the `clean` kernel across the frames of a span, for those who
 * inline it into vector code.
 */
#ifndef SIXOP_OSCILLATOR_H
#define SIXOP_OSCILLATOR_H

#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "contour.h"
#include "lanes.h"

#define SX_QUARTER 0x40000000u     /* of a cycle */
#define SX_MODULATION_SHIFT 6      /* from 2^-26 cycles to 2^-32 */
#define SX_CHIP_UNIT (1.0f / (1 << 14))
/* sin(pi/2 u) = u (S0 + S1 u^2 + S2 u^4 + S3 u^6) within 5.7e-7 (minimax on -1..1), for x = u * 2^30. */
#define SX_S0 1.570790922f
#define SX_S1 (-0.6458924656f * 0x1p-60f)
#define SX_S2 (0.07943340142f * 0x1p-120f)
#define SX_S3_BY_S2 (-0.004332425167f / 0.07943340142f * 0x1p-60f)
/* Octaves of attenuation at gain 1: an operator's output reaches 2^28, and x above is 2^30 at a crest. The chip's
 * highest output is 1/1024 octave below 2^14. */
#define SX_GAIN_OFFSET (2.0f + 1.0f / 1024)

/* gain * sin(pi/2 u) for x = u * 2^30, of floats or of vectors. Feedback waits for this chain, so it is kept short. */
#define SX_SINE(x, z, gain) \
  (((SX_S0 + SX_S1 * (z)) + ((z) * (z) * SX_S2) * (1.0f + SX_S3_BY_S2 * (z))) * ((x) * (gain)))

/* The magnitude of a phase, but for 2^-32 cycles. */
#define SX_DISTANCE(phase) ((phase) ^ ((phase) >> 31))

/* gain * sin(phase), the phase counted from a crest. */
SX_INLINE float sx_oscillate(uint32_t from_crest, float gain)
{
  const float x = (float)((int32_t)SX_QUARTER - SX_DISTANCE((int32_t)from_crest));
  return SX_SINE(x, x * x, gain);
}

SX_INLINE uint32_t sx_as_phase(float modulation)
{
  return (uint32_t)(int32_t)modulation << SX_MODULATION_SHIFT;
}

/* Where an operator's gains come from: its row, or, when its contour is a straight line and the span begins on one of
 * its slices, the line itself. */
typedef struct {
  const float *within;   /* NULL: from the row */
  float start[SX_SLICE]; /* of the line's slices */
  uint32_t slice;        /* of the line, with which the span begins */
} sx_gains;

SX_INLINE uint32_t sx_whole_slices(uint32_t frames)
{
  return (frames + SX_SLICE - 1) / SX_SLICE * SX_SLICE;
}

/* Whether these frames can be taken from the line; if so, does it. */
SX_INLINE int sx_gains_from_line(sx_gains *gains, const sx_contour *contour, uint64_t frame, uint32_t frames)
{
  const uint32_t at = (uint32_t)(frame - contour->anchor);
  gains->within = NULL;
  if (contour->straight_end < frame + sx_whole_slices(frames) || contour->gain == 0.0f || at % SX_SLICE != 0) {
    return 0;
  }
  gains->within = contour->within;
  gains->slice = at / SX_SLICE;
  sx_lanes_scale(gains->start, contour->between, contour->gain);
  return 1;
}

/* Gets outputs into `row`, slice by slice. */
SX_INLINE void sx_oscillator_slices(float *restrict row, const sx_gains *restrict from,
                                    const float *restrict modulation, uint32_t first, uint32_t step, uint32_t slope,
                                    uint32_t frames, int is_line, int is_modulated, int is_gliding)
{
  for (uint32_t at = 0; at < frames; at += SX_SLICE) {
    const uint32_t phase = first + step * at;
    const float start = is_line ? from->start[from->slice + at / SX_SLICE] : 0.0f;
    SX_VECTOR_LOOP
    for (uint32_t k = 0; k < SX_SLICE; ++k) {
      const uint32_t i = at + k;
      const uint32_t glide = is_gliding ? slope * (i * (i - 1) / 2) : 0;
      const uint32_t modulated = phase + step * k + glide + (is_modulated ? sx_as_phase(modulation[i]) : 0);
      row[i] = sx_oscillate(modulated, is_line ? from->within[k] * start : row[i]);
    }
  }
}

/* From gains to outputs. `modulation` may be NULL. */
SX_INLINE void sx_oscillator_run(float *row, const sx_gains *from, const float *modulation, uint32_t phase,
                                 uint32_t step, uint32_t slope, uint32_t frames)
{
  const uint32_t first = phase - SX_QUARTER;
  switch ((from->within != NULL ? 4 : 0) + (modulation != NULL ? 2 : 0) + (slope != 0)) {
  case 0: sx_oscillator_slices(row, from, NULL, first, step, 0, frames, 0, 0, 0); break;
  case 1: sx_oscillator_slices(row, from, NULL, first, step, slope, frames, 0, 0, 1); break;
  case 2: sx_oscillator_slices(row, from, modulation, first, step, 0, frames, 0, 1, 0); break;
  case 3: sx_oscillator_slices(row, from, modulation, first, step, slope, frames, 0, 1, 1); break;
  case 4: sx_oscillator_slices(row, from, NULL, first, step, 0, frames, 1, 0, 0); break;
  case 5: sx_oscillator_slices(row, from, NULL, first, step, slope, frames, 1, 0, 1); break;
  case 6: sx_oscillator_slices(row, from, modulation, first, step, 0, frames, 1, 1, 0); break;
  default: sx_oscillator_slices(row, from, modulation, first, step, slope, frames, 1, 1, 1); break;
  }
}

#endif
