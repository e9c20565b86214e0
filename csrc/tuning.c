/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning.h"

#include "rom.h"
#include "units.h"
#include "voice.h"

/* Logarithmic frequency, 1/1024 octave, of key pitch 0 and of the highest key's at ratio 1, with nothing else moving. */
#define LOWEST ((SX_PITCH_NEUTRAL - SX_PITCH_BASE + SX_TUNE_CENTRE + SX_RATIO_BASE) / 4)
#define HIGHEST (LOWEST + SX_HIGHEST_KEY_PITCH / 4)
#define LARGEST_STRETCH 536870911.0 /* just below 2 */
/* The operator chip's phase steps before they are cut to 23 bits, per hertz. */
#define STEPS_PER_HERTZ (268435456.0 * SX_NATIVE_DIVIDER / SX_NATIVE_CLOCK)

static const double semitone_ratio[12] = {
  1.0,
  1.0594630943592953,
  1.122462048309373,
  1.189207115002721,
  1.2599210498948732,
  1.3348398541700344,
  1.4142135623730951,
  1.4983070768766815,
  1.5874010519681994,
  1.681792830507429,
  1.7817974362806785,
  1.8877486253633868,
};
static const double octave_ratio[5] = { 0.25, 0.5, 1.0, 2.0, 4.0 };

void sx_tuning_reset(sx_tuning *tuning)
{
  for (uint32_t note = 0; note < SX_KEYS; ++note) {
    tuning->hertz[note] = SX_OWN_PITCH;
  }
}

void sx_tuning_change(sx_tuning *tuning, const sx_tuning *change)
{
  for (uint32_t note = 0; note < SX_KEYS; ++note) {
    if (change->hertz[note] != (double)SX_SAME_PITCH) {
      tuning->hertz[note] = change->hertz[note];
    }
  }
}

/* What the chip makes of a frequency register, 1/32 of a phase step. */
static double steps_at(int32_t frequency)
{
  const uint32_t mantissa = sx_exponential[SX_OCTAVE - 1 - (frequency & (SX_OCTAVE - 1))] >> 2;
  return (double)(mantissa << (frequency / SX_OCTAVE));
}

/* The register whose frequency is nearest. */
static int32_t nearest(double steps)
{
  int32_t low = LOWEST;
  int32_t high = HIGHEST;
  while (low < high) { /* the highest that is not above */
    const int32_t middle = (low + high + 1) / 2;
    if (steps_at(middle) <= steps) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low < HIGHEST && steps_at(low + 1) - steps < steps - steps_at(low) ? low + 1 : low;
}

sx_key sx_key_of(const sx_tuning *tuning, const sx_patch *patch, uint32_t note)
{
  const double hertz = tuning == NULL ? SX_OWN_PITCH : tuning->hertz[note];
  sx_key key = { sx_key_pitch(sx_transposed(patch, note)), SX_UNSTRETCHED };
  if (hertz > 0.0) {
    const double steps =
      hertz * STEPS_PER_HERTZ * semitone_ratio[patch->transpose % 12] * octave_ratio[patch->transpose / 12];
    const int32_t frequency = nearest(steps);
    const double stretch = steps / steps_at(frequency) * SX_UNSTRETCHED + 0.5;
    key.pitch = 4 * (frequency - LOWEST);
    key.stretch = (uint32_t)(stretch < LARGEST_STRETCH ? stretch : LARGEST_STRETCH);
  }
  return key;
}

static int is_allowed(double hertz)
{
  return (hertz >= 0.0 && hertz <= (double)SX_HIGHEST_HERTZ) || hertz == (double)SX_OWN_PITCH ||
         hertz == (double)SX_SAME_PITCH;
}

int sx_tuning_event(sx_event *event, sx_tuning *change, uint32_t parts, const double *hertz, uint32_t sounding)
{
  if (parts == 0 || parts >> SX_PARTS != 0 || sounding > 1) {
    return 0;
  }
  for (uint32_t note = 0; note < SX_KEYS; ++note) {
    if (!is_allowed(hertz[note])) {
      return 0;
    }
    change->hertz[note] = hertz[note];
  }
  const sx_event e = { .kind = SX_EVENT_TUNING,
                       .data = { (uint8_t)(parts & 0xFF), (uint8_t)(parts >> 8), (uint8_t)sounding } };
  *event = e;
  return 1;
}
