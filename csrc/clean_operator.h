/* SPDX-License-Identifier: Apache-2.0
 *
 * What the `clean` kernel's operators have in common, in feedback paths or out
 * of them: the sine, and where its gains come from. Inlined into vector code.
 */
#ifndef SIXOP_CLEAN_OPERATOR_H
#define SIXOP_CLEAN_OPERATOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "attributes.h"
#include "clean.h"
#include "contour.h"
#include "voice.h"

/* ---- the sine ----------------------------------------------------------- */

#define SX_QUARTER 0x40000000u      /* of a cycle */
#define SX_MODULATION_SHIFT 6       /* from 2^-26 cycles to 2^-32 */
#define SX_PER_QUARTER 0x1p-30f     /* quarters of a cycle in 2^-32 cycles */
/* sin(pi/2 u) = S u (R - u^2) (u^4 + P u^2 + Q) within 5.5e-7 (minimax on -1..1, in factors); S is 2^-7.851. */
#define SX_SINE_R 3.91357958f
#define SX_SINE_P (-14.42559948f)
#define SX_SINE_Q 92.66909598f
/* Octaves of attenuation at level 0, where the gain is 2^20: an operator's output reaches 2^28, and S is part of its
 * gain. The chip's highest output is 1/1024 octave below 2^14. */
#define SX_GAIN_OFFSET (7.851014140f - (28.0f - 20.0f) + 1.0f / 1024)

/* gain / S * sin(pi/2 u), of floats or of vectors; z is u^2. Feedback waits for this chain, so it is kept short. */
#define SX_SINE(u, z, gain) (((z) * ((z) + SX_SINE_P) + SX_SINE_Q) * ((SX_SINE_R - (z)) * ((u) * (gain))))

/* gain / S * sin(phase), the phase counted from a crest. */
SX_INLINE float sx_oscillate(uint32_t from_crest, float gain)
{
  const float u = 1.0f - fabsf((float)(int32_t)from_crest) * SX_PER_QUARTER;
  return SX_SINE(u, u * u, gain);
}

SX_INLINE uint32_t sx_as_phase(float modulation)
{
  return (uint32_t)(int32_t)modulation << SX_MODULATION_SHIFT;
}

/* ---- gains -------------------------------------------------------------- */

/* When a contour is a straight line and the span begins on one of its slices, gains are products of two factors. */
typedef struct {
  const float *within; /* a slice; NULL: gains are in a row, one by one */
  const float *start;  /* of each slice of the span */
} sx_clean_gains;

/* Counts the gains of voices that have seen a tick from there on. */
void sx_clean_anchor(const sx_clean_span *span, sx_voice *const *voices, uint32_t count) SX_REALTIME;
/* Gains of an operator whose line ends within the span into a row. Returns 0 if all are 0. */
int sx_clean_curve(const sx_clean_span *span, sx_voice *voice, uint32_t op, float *row) SX_REALTIME;

SX_INLINE uint32_t sx_clean_slices(const sx_clean_span *span)
{
  return (span->frames + SX_SLICE - 1) / SX_SLICE;
}

/* Into the row, or as factors. Returns 0 if the operator is silent. */
SX_INLINE int sx_clean_find_gains(const sx_clean_span *span, sx_voice *voice, uint32_t op, float *row,
                                  sx_clean_gains *found)
{
  const sx_contour *contour = &voice->clean.contour[op];
  const uint32_t at = (uint32_t)(span->frame - contour->anchor);
  found->within = NULL;
  if (contour->straight_end < span->frame + span->frames) {
    return sx_clean_curve(span, voice, op, row);
  }
  if (contour->is_silent) {
    return 0;
  }
  if (at % SX_SLICE == 0 && contour->straight_end >= span->frame + SX_SLICE * sx_clean_slices(span)) {
    found->within = contour->within;
    found->start = contour->start + at / SX_SLICE;
  } else {
    sx_contour_fill(contour, span->frame, span->frames, row);
    memset(row + SX_SLICE + span->frames, 0, SX_SLICE * sizeof *row);
  }
  return 1;
}

/* ---- one operator ------------------------------------------------------- */

/* Outputs into the row, or added to it, slice by slice. Gains that are no line are in the row. */
SX_INLINE void sx_clean_run_slices(float *restrict row, const sx_clean_gains *restrict from,
                                   const float *restrict modulation, uint32_t first, uint32_t step, uint32_t slope,
                                   uint32_t frames, int is_line, int is_modulated, int is_gliding, int is_added)
{
  for (uint32_t at = 0; at < frames; at += SX_SLICE) {
    const uint32_t phase = first + step * at + (is_gliding ? slope * (at * (at - 1) / 2) : 0);
    const uint32_t step_here = step + (is_gliding ? slope * at : 0);
    const float start = is_line ? from->start[at / SX_SLICE] : 0.0f;
    SX_VECTOR_LOOP
    for (uint32_t k = 0; k < SX_SLICE; ++k) {
      const uint32_t i = at + k;
      const uint32_t glide = is_gliding ? slope * (k * (k - 1) / 2) : 0;
      const uint32_t modulated = phase + step_here * k + glide + (is_modulated ? sx_as_phase(modulation[i]) : 0);
      const float output = sx_oscillate(modulated, is_line ? from->within[k] * start : row[i]);
      row[i] = is_added ? row[i] + output : output;
    }
  }
}

SX_INLINE void sx_clean_run_operator(float *row, const sx_clean_gains *from, const float *modulation, uint32_t phase,
                                     uint32_t step, uint32_t slope, uint32_t frames, int is_added)
{
  const uint32_t first = phase - SX_QUARTER;
  const int is_line = from->within != NULL;
  switch ((is_added ? 8 : is_line ? 4 : 0) + (modulation != NULL ? 2 : 0) + (slope != 0)) {
  case 0: sx_clean_run_slices(row, from, NULL, first, step, 0, frames, 0, 0, 0, 0); break;
  case 1: sx_clean_run_slices(row, from, NULL, first, step, slope, frames, 0, 0, 1, 0); break;
  case 2: sx_clean_run_slices(row, from, modulation, first, step, 0, frames, 0, 1, 0, 0); break;
  case 3: sx_clean_run_slices(row, from, modulation, first, step, slope, frames, 0, 1, 1, 0); break;
  case 4: sx_clean_run_slices(row, from, NULL, first, step, 0, frames, 1, 0, 0, 0); break;
  case 5: sx_clean_run_slices(row, from, NULL, first, step, slope, frames, 1, 0, 1, 0); break;
  case 6: sx_clean_run_slices(row, from, modulation, first, step, 0, frames, 1, 1, 0, 0); break;
  case 7: sx_clean_run_slices(row, from, modulation, first, step, slope, frames, 1, 1, 1, 0); break;
  case 8: sx_clean_run_slices(row, from, NULL, first, step, 0, frames, 1, 0, 0, 1); break;
  case 9: sx_clean_run_slices(row, from, NULL, first, step, slope, frames, 1, 0, 1, 1); break;
  case 10: sx_clean_run_slices(row, from, modulation, first, step, 0, frames, 1, 1, 0, 1); break;
  default: sx_clean_run_slices(row, from, modulation, first, step, slope, frames, 1, 1, 1, 1); break;
  }
}

#endif
