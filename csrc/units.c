/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

#include "rom.h"

static const uint8_t level_attenuation[100] = {
  127, 122, 118, 114, 110, 107, 104, 102, 100, 98, 96, 94, 92, 90, 88, 86, 85, 84, 82, 81, 79, 78, 77, 76, 75,
  74,  73,  72,  71,  70,  69,  68,  67,  66,  65, 64, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50,
  49,  48,  47,  46,  45,  44,  43,  42,  41,  40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25,
  24,  23,  22,  21,  20,  19,  18,  17,  16,  15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
};

uint32_t sx_level_attenuation(uint32_t level)
{
  return level_attenuation[level > 99 ? 99 : level];
}

/* MIDI velocity / 4 to the keyboard's own scale, 0 loudest. */
static const uint8_t keyboard_velocity[32] = {
  110, 100, 90, 85, 80, 75, 70, 65, 58, 54, 50, 46, 42, 38, 34, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 1, 0,
};
static const uint8_t velocity_scale[32] = {
  0,  4,  12,  21,  30,  40,  46,  52,  58,  64,  70,  76,  82,  88,  94,  100,
  103, 106, 109, 112, 114, 116, 118, 120, 122, 124, 126, 128, 130, 131, 132, 133,
};

uint32_t sx_velocity_attenuation(uint32_t velocity, uint32_t sensitivity)
{
  const uint32_t scale = velocity_scale[keyboard_velocity[velocity >> 2] >> 2];
  return 15 - 2 * sensitivity + ((32 * sensitivity * scale) >> 8);
}

static const uint8_t semitone[12] = { 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14 };

uint32_t sx_key_number(uint32_t key)
{
  return key == 0 ? 0 : 16 * ((key - 1) / 12) + semitone[(key - 1) % 12];
}

int32_t sx_key_pitch(uint32_t key)
{
  const uint32_t number = sx_key_number(key);
  const uint32_t low = number & 3;
  return (int32_t)(number << 8 | low << 6 | low << 4 | low << 2);
}

#define LAST_GROUP 35 /* groups of three semitones on the scaling curves */

static uint32_t linear_curve(uint32_t groups)
{
  /* Quirk: the table's entry 22 is 178, not 176. */
  return groups == 22 ? 178 : groups > 31 ? 255 : 8 * groups;
}

static const uint8_t exponential_curve[LAST_GROUP + 1] = {
  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,   11,  14,  16,  19,  23,  28,  33,  39,
  47, 57, 67, 80, 95, 113, 134, 160, 190, 224, 255, 255, 255, 255, 255, 255, 255, 255,
};

uint32_t sx_scaled_level(uint32_t attenuation, uint32_t key, uint32_t breakpoint, const uint8_t depth[2],
                         const uint8_t curve[2])
{
  const int32_t distance = (int32_t)(sx_key_number(key) >> 2) + 1 - (int32_t)(sx_key_number(breakpoint + 20) >> 2);
  const int right = distance > 0;
  uint32_t groups = (uint32_t)(right ? distance : -distance);
  if (groups > LAST_GROUP) {
    groups = LAST_GROUP;
  }
  const uint32_t code = curve[right];
  const uint32_t linear = code == SX_CURVE_MINUS_LINEAR || code == SX_CURVE_PLUS_LINEAR;
  const uint32_t height = linear ? linear_curve(groups) : exponential_curve[groups];
  uint32_t amount = (height * sx_depth(depth[right])) >> 8;
  if (amount > 127) {
    amount = 127;
  }
  if (code == SX_CURVE_MINUS_LINEAR || code == SX_CURVE_MINUS_EXPONENTIAL) {
    return attenuation + amount > 127 ? 127 : attenuation + amount;
  }
  return attenuation > amount ? attenuation - amount : 0;
}

/* The rule measured on a DX7s; another, read off the owner's manual's graph, is up to 41 % faster. */
uint32_t sx_rate_scaling(uint32_t scaling, uint32_t voice_register)
{
  const int32_t group = (int32_t)((voice_register >> 2) >> 8) - 16; /* three semitones a step, 13 at middle C */
  const uint32_t x = group < 0 ? 0 : group > 31 ? 31 : (uint32_t)group;
  uint32_t steps = (scaling * x) >> 3;
  if (scaling == 3 && x % 8 == 3) {
    steps -= 1;
  } else if (scaling == 7 && x % 8 >= 1 && x % 8 <= 3) {
    steps += 1;
  }
  return steps;
}

/* 4096 * log2(coarse); entry 0 is one octave below entry 1 in 16-bit arithmetic. */
static const uint16_t coarse_pitch[32] = {
  61440, 0,     4096,  6492,  8192,  9512,  10588, 11500, 12288, 12984, 13608, 14170, 14684, 15156, 15596, 16004,
  16384, 16744, 17080, 17400, 17704, 17992, 18266, 18528, 18780, 19020, 19252, 19476, 19692, 19898, 20100, 20292,
};
/* floor(4096 * log2(1 + fine / 100)) */
static const uint16_t fine_pitch[100] = {
  0, 58, 117, 174, 231, 288, 344, 399, 454, 509, 563, 616, 669, 722, 774, 825, 877, 927, 978, 1027,
  1077, 1126, 1175, 1223, 1271, 1318, 1365, 1412, 1458, 1504, 1550, 1595, 1640, 1685, 1729, 1773, 1817, 1860, 1903, 1945,
  1988, 2030, 2072, 2113, 2154, 2195, 2236, 2276, 2316, 2356, 2396, 2435, 2474, 2513, 2551, 2589, 2627, 2665, 2703, 2740,
  2777, 2814, 2850, 2887, 2923, 2959, 2994, 3030, 3065, 3100, 3135, 3170, 3204, 3239, 3273, 3306, 3340, 3374, 3407, 3440,
  3473, 3506, 3538, 3571, 3603, 3635, 3667, 3698, 3730, 3761, 3792, 3823, 3854, 3885, 3916, 3946, 3976, 4006, 4036, 4066,
};
/* Fixed frequencies of 1, 10, 100 and 1000 Hz. */
static const uint16_t decade_pitch[4] = { 0, 13606, 27212, 40820 };

#define FIXED_BASE 0x16AC
#define FIXED_FINE 136 /* 4096 * log2(10) / 100 */

uint32_t sx_operator_pitch(uint32_t fixed, uint32_t coarse, uint32_t fine)
{
  if (fixed) {
    return ((FIXED_FINE * fine + FIXED_BASE + decade_pitch[coarse & 3]) & 0xFFFF) | 1;
  }
  return ((uint32_t)coarse_pitch[coarse] + fine_pitch[fine] + SX_RATIO_BASE) & 0xFFFE;
}

uint32_t sx_phase_increment(int32_t frequency)
{
  const uint32_t f = frequency < 0 ? 0 : frequency > 16383 ? 16383 : (uint32_t)frequency;
  const uint32_t mantissa = sx_exponential[SX_OCTAVE - 1 - (f & (SX_OCTAVE - 1))] >> 2;
  return (mantissa << (f / SX_OCTAVE)) >> 5;
}

static const uint8_t pitch_level_low[20] = { 0, 12, 24, 33, 43, 52, 60, 67, 72, 76, 79, 82, 85, 87, 89, 91, 93, 95, 96, 97 };
static const uint8_t pitch_level_high[14] = { 166, 168, 171, 174, 177, 181, 186, 193, 201, 210, 220, 231, 243, 255 };

int32_t sx_pitch_level(uint32_t level)
{
  const uint32_t value = level < 20 ? pitch_level_low[level] : level < 86 ? 78 + level : pitch_level_high[level - 86];
  return (int32_t)(value << 7);
}

static const uint8_t pitch_rate[100] = {
  1,  2,  3,  3,  4,  4,  5,  5,  6,  6,  7,  7,  8,   8,   9,   9,   10,  10,  11,  11,  12,  12,  13,  13,  14,
  14, 15, 16, 16, 17, 18, 18, 19, 20, 21, 22, 23, 24,  25,  26,  27,  28,  30,  31,  33,  34,  36,  37,  38,  39,
  41, 42, 44, 46, 47, 49, 51, 53, 54, 56, 58, 60, 62,  64,  66,  68,  70,  72,  74,  76,  79,  82,  85,  88,  91,
  94, 98, 102, 106, 110, 115, 120, 125, 130, 135, 141, 147, 153, 159, 165, 171, 178, 185, 193, 202, 211, 232, 243, 254, 255,
};

int32_t sx_pitch_rate(uint32_t rate)
{
  return pitch_rate[rate > 99 ? 99 : rate];
}

uint32_t sx_lfo_increment(uint32_t speed)
{
  if (speed == 0) {
    return 11;
  }
  const uint32_t a = sx_depth(speed);
  return a < 160 ? 11 * a : a * (11 + ((a - 160) >> 2));
}

uint32_t sx_lfo_delay_increment(uint32_t delay)
{
  const uint32_t a = 99 - delay;
  return (((a & 15) + 16) << 9) >> (7 - (a >> 4));
}

static const uint8_t pitch_sensitivity[8] = { 0, 10, 20, 33, 55, 92, 153, 255 };

uint32_t sx_pitch_sensitivity(uint32_t sensitivity)
{
  return pitch_sensitivity[sensitivity & 7];
}

/* About 32 * log2(256 / i). */
static const uint8_t amplitude_attenuation[256] = {
  255, 255, 224, 205, 192, 181, 173, 166, 160, 154, 149, 145, 141, 137, 134, 130, 128, 125, 122, 120,
  117, 115, 113, 111, 109, 107, 105, 103, 102, 100, 98, 97, 96, 94, 93, 91, 90, 89, 88, 86,
  85, 84, 83, 82, 81, 80, 79, 78, 77, 76, 75, 74, 73, 72, 71, 70, 70, 69, 68, 67,
  66, 66, 65, 64, 64, 63, 62, 61, 61, 60, 59, 59, 58, 57, 57, 56, 56, 55, 54, 54,
  53, 53, 52, 51, 51, 50, 50, 49, 49, 48, 48, 47, 47, 46, 46, 45, 45, 44, 44, 43,
  43, 42, 42, 42, 41, 41, 40, 40, 39, 39, 38, 38, 38, 37, 37, 36, 36, 36, 35, 35,
  34, 34, 34, 33, 33, 33, 32, 32, 32, 31, 31, 30, 30, 30, 29, 29, 29, 28, 28, 28,
  27, 27, 27, 26, 26, 26, 25, 25, 25, 24, 24, 24, 24, 23, 23, 23, 22, 22, 22, 21,
  21, 21, 21, 20, 20, 20, 19, 19, 19, 19, 18, 18, 18, 18, 17, 17, 17, 17, 16, 16,
  16, 16, 15, 15, 15, 15, 14, 14, 14, 14, 13, 13, 13, 13, 12, 12, 12, 12, 11, 11,
  11, 11, 10, 10, 10, 10, 9, 9, 9, 9, 8, 8, 8, 8, 8, 7, 7, 7, 7, 6,
  6, 6, 6, 6, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 2,
  2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
};

uint32_t sx_amplitude_attenuation(uint32_t modulation)
{
  return amplitude_attenuation[modulation & 255];
}

static const uint8_t sine_quarter[64] = {
  2,  5,  8,  11, 14, 17, 20, 23,  26,  29,  32,  35,  38,  41,  44,  47,  50,  53,  56,  58,  61,  64,
  67, 69, 72, 74, 77, 79, 82, 84,  86,  89,  91,  93,  95,  97,  99,  101, 103, 105, 106, 108, 110, 111,
  113, 114, 115, 117, 118, 119, 120, 121, 122, 123, 124, 124, 125, 125, 126, 126, 127, 127, 127, 127,
};

int32_t sx_lfo_sine(uint32_t step)
{
  return sine_quarter[step & 63];
}

#define BEND_CENTRE 64
#define BEND_OCTAVE 16384 /* pitch modulation of one octave */

static const uint8_t bend_factor[13] = { 0, 22, 43, 65, 86, 107, 129, 151, 172, 194, 215, 236, 255 };

static int32_t bend_by_semitones(int32_t bend, int32_t full, uint32_t semitones)
{
  if (semitones >= 12) { /* the firmware's octave is exact at both ends; 63 * 255 would fall 23 cents short */
    return bend * BEND_OCTAVE / full;
  }
  return bend * bend_factor[semitones];
}

int32_t sx_bend_word(uint32_t value, uint32_t range, uint32_t step)
{
  const int32_t bend = (int32_t)value - BEND_CENTRE;
  const int32_t full = bend > 0 ? 127 - BEND_CENTRE : BEND_CENTRE;
  if (step > 0) { /* a step forces the range to an octave and quantises it */
    const int32_t semitones = bend * 12 / full;
    return semitones / (int32_t)step * (int32_t)step * BEND_OCTAVE / 12;
  }
  const int32_t whole = bend_by_semitones(bend, full, range / 100);
  const int32_t more = bend_by_semitones(bend, full, range / 100 + 1);
  return whole + (more - whole) * (int32_t)(range % 100) / 100;
}

static const float volume_ratio[8] = { 0.0f, 100.0f, 200.0f, 380.0f, 710.0f, 1390.0f, 2590.0f, 4790.0f };

float sx_volume_gain(uint32_t value)
{
  return volume_ratio[(value & 127) >> 4] / 4790.0f;
}
