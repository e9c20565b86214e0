/* SPDX-License-Identifier: Apache-2.0 */
#include "resampler.h"

#include <string.h>

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

/* Sums in a fixed order, 16 partial sums and then a tree, so that every instruction set gives the same bits. */
SX_INLINE float folded(float sum[SX_RESAMPLER_LANES])
{
  for (uint32_t half = SX_RESAMPLER_LANES / 2; half > 0; half /= 2) {
    for (uint32_t i = 0; i < half; ++i) {
      sum[i] += sum[i + half];
    }
  }
  return sum[0];
}

SX_INLINE float interpolated(const float *restrict input, const float *restrict row, uint32_t taps, float fraction)
{
  const float *restrict next = row + taps;
  float here[SX_RESAMPLER_LANES] = { 0.0f };
  float there[SX_RESAMPLER_LANES] = { 0.0f };
  for (uint32_t tap = 0; tap < taps; tap += SX_RESAMPLER_LANES) {
    for (uint32_t i = 0; i < SX_RESAMPLER_LANES; ++i) {
      here[i] += input[tap + i] * row[tap + i];
      there[i] += input[tap + i] * next[tap + i];
    }
  }
  for (uint32_t i = 0; i < SX_RESAMPLER_LANES; ++i) {
    here[i] += fraction * (there[i] - here[i]);
  }
  return folded(here);
}

SX_CLONED void sx_resampler_run(sx_resampler *r, float *out, uint32_t frames, uint32_t native_frames)
{
  const double to_phase = (double)SX_RESAMPLER_PHASES / (double)r->denominator;
  const uint32_t whole = (uint32_t)(r->numerator / r->denominator);
  const uint64_t part = r->numerator % r->denominator;
  for (uint32_t i = 0; i < frames; ++i) {
    const double position = (double)r->remainder * to_phase;
    const uint32_t phase = (uint32_t)position;
    out[i] = interpolated(r->input + r->needed, r->kernel + (size_t)phase * r->taps, r->taps,
                          (float)(position - (double)phase));
    r->needed += whole;
    r->remainder += part;
    if (r->remainder >= r->denominator) {
      r->remainder -= r->denominator;
      r->needed += 1;
    }
  }
  r->needed -= native_frames;
  memmove(r->input, r->input + native_frames, r->taps * sizeof *r->input);
}
