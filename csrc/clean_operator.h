/* SPDX-License-Identifier: Apache-2.0
 *
 * What the `clean` kernel's operators have in common, in feedback paths or out
 * of them: the sine, and where its gains come from. Inlined into vector code.
 */
#ifndef SIXOP_CLEAN_OPERATOR_H
#define SIXOP_CLEAN_OPERATOR_H

#include <math.h>
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
void sx_clean_anchor(sx_clean_work *work, uint32_t count) SX_REALTIME;
/* Gains of an operator whose line ends within the span into a row. Returns 0 if all are 0. */
int sx_clean_curve(const sx_clean_work *work, sx_voice *voice, uint32_t op, float *row) SX_REALTIME;

SX_INLINE uint32_t sx_clean_slices(const sx_clean_work *work)
{
  return (work->frames + SX_SLICE - 1) / SX_SLICE;
}

/* Into the row, or as factors. Returns 0 if the operator is silent. */
SX_INLINE int sx_clean_find_gains(const sx_clean_work *work, sx_voice *voice, uint32_t op, float *row,
                                  sx_clean_gains *found)
{
  const sx_contour *contour = &voice->clean.contour[op];
  const uint32_t at = (uint32_t)(work->frame - contour->anchor);
  found->within = NULL;
  if (contour->straight_end < work->frame + work->frames) {
    return sx_clean_curve(work, voice, op, row);
  }
  if (contour->is_silent) {
    return 0;
  }
  if (at % SX_SLICE == 0 && contour->straight_end >= work->frame + SX_SLICE * sx_clean_slices(work)) {
    found->within = contour->within;
    found->start = contour->start + at / SX_SLICE;
  } else {
    sx_contour_fill(contour, work->frame, work->frames, row);
    memset(row + SX_SLICE + work->frames, 0, SX_SLICE * sizeof *row);
  }
  return 1;
}

#endif
