/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine's resampler on its own, so that a test can put any signal into it.
 */
#include <string.h>

#include "resampler.h"
#include "sixop.h"

/* Makes `frames` device frames from native ones, of which it reads as many as it needs.
 * Returns the delay the resampler reports, in seconds, or -1 when out of memory. */
double resample(uint32_t rate, int with_output_filter, const float *native, float *out, uint32_t frames)
{
  sx_resampler resampler;
  if (!sx_resampler_init(&resampler, SX_NATIVE_CLOCK, SX_NATIVE_DIVIDER, rate, with_output_filter)) {
    return -1.0;
  }
  while (frames > 0) {
    uint32_t native_frames;
    const uint32_t made = sx_resampler_plan(&resampler, frames, &native_frames);
    memcpy(sx_resampler_input(&resampler), native, native_frames * sizeof *native);
    sx_resampler_run(&resampler, out, made, native_frames);
    native += native_frames;
    out += made;
    frames -= made;
  }
  const double delay = resampler.delay;
  sx_resampler_free(&resampler);
  return delay;
}
