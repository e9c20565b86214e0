/* SPDX-License-Identifier: Apache-2.0
 *
 * One operator of the `chip` kernel on its own, at every place and attenuation.
 */
#include "operators.h"
#include "rom.h"

static int16_t expected(uint32_t at, uint32_t attenuation)
{
  const uint32_t sum = sx_log_sine[at % SX_PHASE_STEPS] + attenuation;
  const int32_t magnitude = sx_exponential[sum % SX_OCTAVE] >> (sum % SX_SIGN_BIT / SX_OCTAVE);
  return (int16_t)(sum & SX_SIGN_BIT ? -magnitude : magnitude);
}

static uint32_t wrong_ones(const sx_lane *lane, uint32_t at, uint32_t attenuation, uint32_t slant, uint32_t frames)
{
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < frames; ++i) {
    wrong += (int16_t)lane->value[i] != expected(at + i, attenuation + slant * i);
  }
  return wrong;
}

/* How many of all outputs are wrong: steady or not, modulated or not, in spans of so many frames. */
uint32_t wrong_outputs(uint32_t first, uint32_t step, uint32_t end, uint32_t frames)
{
  static sx_lane lane;
  static uint16_t modulation[SX_ROW];
  const int16_t *outputs = sx_output_table();
  uint32_t wrong = 0;
  for (uint32_t attenuation = first; attenuation < end; attenuation += step) {
    for (uint32_t at = 0; at < SX_PHASE_STEPS; at += frames) {
      const uint16_t shift = (uint16_t)(attenuation * 7 + at); /* any */
      const sx_course plain = { at << 20 | 0xFFFFF, 1u << 20, 0 };
      const sx_course modulated = { (at - shift) << 20, 1u << 20, modulation };
      for (uint32_t i = 0; i < frames; ++i) {
        modulation[i] = shift;
        lane.value[i] = (uint16_t)(attenuation + i);
      }
      sx_lane_sound(&lane, &modulated, outputs, frames);
      wrong += wrong_ones(&lane, at, attenuation, 1, frames);
      sx_lane_sound_steadily(&lane, &plain, attenuation, outputs, frames);
      wrong += wrong_ones(&lane, at, attenuation, 0, frames);
    }
  }
  return wrong;
}
