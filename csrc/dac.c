/* SPDX-License-Identifier: Apache-2.0 */
#include "dac.h"

#include "clean.h"

SX_INLINE float grained(int32_t sample)
{
  const int32_t sign = sample < 0 ? -1 : 1;
  const int32_t magnitude = sample * sign;
  const int32_t lost = magnitude >= 4096 ? 7 : magnitude >= 2048 ? 3 : magnitude >= 1024 ? 1 : 0;
  return (float)(sign * (magnitude & ~lost));
}

SX_CLONED void sx_dac_of_chip(float *restrict out, const int32_t *restrict samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = grained(samples[i]);
  }
}

SX_CLONED void sx_dac_of_clean(float *restrict out, const float *restrict samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = grained((int32_t)(samples[i] * SX_CLEAN_UNIT));
  }
}
