/* SPDX-License-Identifier: Apache-2.0 */
#include "resampler.h"

#include <string.h>

#include "lanes.h"

float *sx_resampler_input(const sx_resampler *resampler)
{
  return resampler->input + resampler->taps;
}

uint32_t sx_resampler_plan(const sx_resampler *r, uint32_t wanted, uint32_t *native_frames)
{
  /* the most outputs whose last does not reach beyond the input's room */
  const uint64_t reach = (SX_RESAMPLER_INPUT - r->needed + 1) * r->denominator - r->remainder - 1;
  const uint64_t most = reach / r->numerator + 1;
  const uint32_t frames = wanted < most ? wanted : (uint32_t)most;
  *native_frames = r->needed + (uint32_t)((r->remainder + (frames - 1) * r->numerator) / r->denominator);
  return frames;
}

SX_INLINE float interpolated(const float *input, const float *row, uint32_t taps, float fraction)
{
  const float *next = row + taps;
  sx_lanes here = SX_NO_LANES;
  sx_lanes there = SX_NO_LANES;
  SX_UNROLL
  for (uint32_t tap = 0; tap < taps; tap += SX_LANES) {
    sx_lanes_add_product(&here, input + tap, row + tap);
    sx_lanes_add_product(&there, input + tap, next + tap);
  }
  return sx_lanes_between(&here, &there, fraction);
}

SX_INLINE void run(sx_resampler *r, float *out, uint32_t frames, uint32_t taps)
{
  const float *kernel = r->kernel;
  const float *input = r->input;
  const double to_phase = (double)SX_RESAMPLER_PHASES / (double)r->denominator;
  const uint32_t denominator = (uint32_t)r->denominator;
  const uint32_t whole = (uint32_t)(r->numerator / r->denominator);
  const uint32_t part = (uint32_t)(r->numerator % r->denominator);
  uint32_t remainder = (uint32_t)r->remainder;
  uint32_t needed = r->needed;
  for (uint32_t i = 0; i < frames; ++i) {
    const double position = (double)(int32_t)remainder * to_phase;
    const int32_t phase = (int32_t)position;
    out[i] = interpolated(input + needed, kernel + (size_t)phase * taps, taps, (float)(position - (double)phase));
    needed += whole;
    remainder += part;
    const uint32_t carry = remainder >= denominator;
    needed += carry;
    remainder -= carry * denominator;
  }
  r->remainder = remainder;
  r->needed = needed;
}

SX_CLONED void sx_resampler_run(sx_resampler *r, float *out, uint32_t frames, uint32_t native_frames)
{
  if (r->taps == SX_RESAMPLER_USUAL_TAPS) {
    run(r, out, frames, SX_RESAMPLER_USUAL_TAPS); /* the same, unrolled */
  } else {
    run(r, out, frames, r->taps);
  }
  r->needed -= native_frames;
  memmove(r->input, r->input + native_frames, r->taps * sizeof *r->input);
}
