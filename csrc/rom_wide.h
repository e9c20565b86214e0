/* SPDX-License-Identifier: Apache-2.0
 *
 * The ROMs in vector registers: 32 frames at once, exact in every entry.
 *
 * A register pair holds 64 numbers of 16 bits, so a ROM is taken as 64 curves
 * of sixteen entries each, whose bits below the point absorb what it rounds
 * (make_rom.py finds them). The first 128 entries of the log-sine are too steep
 * for that and stand in registers themselves.
 */
#ifndef SIXOP_ROM_WIDE_H
#define SIXOP_ROM_WIDE_H

#include <stdint.h>
#include <string.h>

#include "attributes.h"
#include "rom.h"

#ifdef SX_HAS_WIDE

#define SX_WIDE_FRAMES 32
#define SX_WIDE_INLINE SX_WIDE SX_INLINE

typedef uint16_t sx_words __attribute__((vector_size(SX_WIDE_FRAMES * sizeof(uint16_t))));
typedef int16_t sx_signed_words __attribute__((vector_size(SX_WIDE_FRAMES * sizeof(int16_t))));

SX_WIDE_INLINE sx_words sx_words_of(const uint16_t *from)
{
  sx_words words;
  memcpy(&words, from, sizeof words);
  return words;
}

/* table[at % 64] */
SX_WIDE_INLINE sx_words sx_words_among_64(const uint16_t *table, sx_words at)
{
  return __builtin_shuffle(sx_words_of(table), sx_words_of(table + SX_WIDE_FRAMES), at);
}

/* All ones where the highest bit is one. */
SX_WIDE_INLINE sx_words sx_words_negative(sx_words words)
{
  return (sx_words)((sx_signed_words)words >> 15);
}

/* In a mask all bits of a word are alike. */
SX_WIDE_INLINE sx_words sx_words_where(sx_words mask, sx_words a, sx_words b)
{
  return (mask & a) | (~mask & b);
}

/* sx_log_sine[at], at 0..1023 */
SX_WIDE_INLINE sx_words sx_words_log_sine(sx_words at)
{
  const sx_words segment = at >> 4;
  const sx_words t = at & 15;
  const sx_words slope = sx_words_among_64(sx_log_slope, segment) - (t * sx_words_among_64(sx_log_bend, segment) >> 6);
  const sx_words curve = (sx_words_among_64(sx_log_base, segment) - (t * slope >> 4)) >> 4;
  const sx_words steep = sx_words_where((sx_words)(at < 64), sx_words_among_64(sx_log_sine, at),
                                        sx_words_among_64(sx_log_sine + 64, at));
  return sx_words_where((sx_words)(at < 128), steep, curve);
}

/* sx_exponential[attenuation % SX_OCTAVE] >> (attenuation / SX_OCTAVE), of attenuations without sign */
SX_WIDE_INLINE sx_words sx_words_magnitude(sx_words attenuation)
{
  const sx_words segment = attenuation >> 4;
  const sx_words t = attenuation & 15;
  const sx_words slope = sx_words_among_64(sx_power_slope, segment) - t;
  const sx_words curve = sx_words_among_64(sx_power_base, segment) - (t * slope >> 5);
  const sx_words octave = attenuation >> 10;
  const sx_words value = ((curve >> 3) & 0x1FFC) | 0x2000; /* the highest bit of 14, the two lowest zero */
  return (value >> (octave & 15)) & (sx_words)(octave < 14);
}

/* The outputs of an operator: places in 1/65536 cycle, attenuations in 1/1024 octave. */
SX_WIDE_INLINE sx_words sx_words_output(sx_words place, sx_words attenuation)
{
  const sx_words negative = sx_words_negative(place);
  const sx_words mirrored = sx_words_negative(place << 1);
  const sx_words log_sine = sx_words_log_sine(((place >> 4) ^ mirrored) & 1023);
  return (sx_words_magnitude(log_sine + attenuation) ^ negative) - negative;
}

/* An even phase, 32 bits, that has moved on by `step` with each frame: its upper halves. */
typedef uint32_t sx_wide_phases __attribute__((vector_size(SX_WIDE_FRAMES / 2 * sizeof(uint32_t))));
typedef struct {
  sx_wide_phases even; /* frames */
  sx_wide_phases odd;
} sx_wide_ramp;

SX_WIDE_INLINE sx_wide_ramp sx_wide_ramp_from(uint32_t phase, uint32_t step)
{
  sx_wide_ramp ramp = { .even = { 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30 } };
  ramp.even = ramp.even * step + phase;
  ramp.odd = ramp.even + step;
  return ramp;
}

/* In 1/65536 cycle. The frames lie in their order: x86 stores the lower half of a number first. */
SX_WIDE_INLINE sx_words sx_wide_ramp_next(sx_wide_ramp *ramp, uint32_t step)
{
  const sx_wide_phases both = (ramp->even >> 16) | (ramp->odd & 0xFFFF0000u);
  ramp->even += SX_WIDE_FRAMES * step;
  ramp->odd += SX_WIDE_FRAMES * step;
  return (sx_words)both;
}

#endif

#endif
