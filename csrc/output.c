/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <string.h>

#include "engine.h"
#include "meters.h"

/* Magnitudes of floats order like their bits without the sign. */
SX_CLONED static uint32_t peak_bits(const float *samples, uint32_t frames)
{
  uint32_t peak = 0;
  for (uint32_t i = 0; i < frames; ++i) {
    uint32_t bits;
    memcpy(&bits, &samples[i], sizeof bits);
    bits &= 0x7FFFFFFFu;
    peak = bits > peak ? bits : peak;
  }
  return peak;
}

static void clamp(float *samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    samples[i] = samples[i] > 1.0f ? 1.0f : samples[i] < -1.0f ? -1.0f : samples[i];
  }
}

static void limit(sx_engine *engine, float *left, float *right, uint32_t frames)
{
  const float gain = sx_limiter_run(&engine->limiter, left, right, engine->device_frame, frames);
  atomic_store_explicit(&engine->counters.limiter_gain, sx_float_bits(gain), memory_order_relaxed);
  atomic_store_explicit(&engine->counters.is_limited, engine->limiter.is_on, memory_order_relaxed);
}

void sx_finish_output(sx_engine *engine, float *left, float *right, uint32_t frames)
{
  const uint32_t sides = right == left ? 1 : SX_SIDES;
  float *const side[SX_SIDES] = { left, right };
  for (uint32_t i = 0; i < sides; ++i) {
    const uint32_t peak = peak_bits(side[i], frames);
    sx_raise(&engine->counters.peak, peak);
    sx_raise(&engine->counters.level, peak);
  }
  limit(engine, left, right, frames);
  for (uint32_t i = 0; i < sides && engine->config.clamp; ++i) {
    clamp(side[i], frames);
  }
  sx_count(&engine->counters.record_lost, sx_recorder_write(&engine->recorder, left, right, frames));
}

void sx_spread(float *out, const float *left, const float *right, uint32_t frames, uint32_t channels)
{
  if (channels == 1) {
    memcpy(out, left, frames * sizeof *out);
  } else if (channels == 2) {
    for (uint32_t i = 0; i < frames; ++i) {
      out[2 * i] = left[i];
      out[2 * i + 1] = right[i];
    }
  } else {
    for (uint32_t i = 0; i < frames; ++i) {
      for (uint32_t channel = 0; channel < channels; ++channel) {
        out[i * channels + channel] = (channel % 2 == 0 ? left : right)[i];
      }
    }
  }
}
