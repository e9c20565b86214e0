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

/* The place between two native frames as whole phases and what is left over, both exact integers. */
SX_INLINE void run(sx_resampler *r, float *out, uint32_t frames, uint32_t taps)
{
  const float *kernel = r->kernel;
  const float *input = r->input;
  const uint32_t denominator = (uint32_t)r->denominator;
  const uint32_t whole = (uint32_t)(r->numerator / denominator);
  const uint64_t scaled_step = r->numerator % denominator * SX_RESAMPLER_PHASES;
  const uint32_t phase_step = (uint32_t)(scaled_step / denominator);
  const uint32_t rest_step = (uint32_t)(scaled_step % denominator);
  const uint64_t scaled = r->remainder * SX_RESAMPLER_PHASES;
  const float to_fraction = 1.0f / (float)denominator;
  uint32_t phase = (uint32_t)(scaled / denominator);
  uint32_t rest = (uint32_t)(scaled % denominator);
  uint32_t needed = r->needed;
  for (uint32_t i = 0; i < frames; ++i) {
    const float fraction = (float)(int32_t)rest * to_fraction;
    out[i] = interpolated(input + needed, kernel + (size_t)phase * taps, taps, fraction);
    rest += rest_step;
    const uint32_t carry = rest >= denominator;
    rest -= carry ? denominator : 0;
    phase += phase_step + carry;
    needed += whole + phase / SX_RESAMPLER_PHASES;
    phase %= SX_RESAMPLER_PHASES;
  }
  r->remainder = ((uint64_t)phase * denominator + rest) / SX_RESAMPLER_PHASES;
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
