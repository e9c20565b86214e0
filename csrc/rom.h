/* SPDX-License-Identifier: Apache-2.0
 *
 * The operator chip's ROMs (YM21280, die read-out). Everything in the chip is
 * a logarithm: 1024 steps are one octave, of frequency as of amplitude.
 */
#ifndef SIXOP_ROM_H
#define SIXOP_ROM_H

#include <stdint.h>

#define SX_PHASE_STEPS 4096        /* 12 bits a cycle, not interpolated */
#define SX_SIGN_BIT 0x8000u        /* in sx_log_sine: the second half of the cycle */
#define SX_OCTAVE 1024             /* steps of frequency and of attenuation */
#define SX_SILENT (14 * SX_OCTAVE) /* from this attenuation on, the 14-bit magnitude is 0 */

/* Attenuation of the sine at each of 4096 phases, in 1/1024 octave, with the sign in bit 15. */
extern const uint16_t sx_log_sine[SX_PHASE_STEPS];
/* 4 * round(2048 * 2^((1023 - a) / 1024)) for a = 0..1023; frequency uses the same ROM backwards. */
extern const uint16_t sx_exponential[SX_OCTAVE];

/* The same as curves, a segment for each sixteen entries, which rom_wide.h evaluates. */
extern const uint16_t sx_log_base[64];
extern const uint16_t sx_log_slope[64];
extern const uint16_t sx_log_bend[64];
extern const uint16_t sx_power_base[64];
extern const uint16_t sx_power_slope[64];

/* The exponential ROM with its shifter and the sign unrolled: the output, -16372..16372, for a sum of a
 * log_sine entry and an attenuation. 128 KB, of which a sounding operator touches a few. */
#define SX_OUTPUTS 65536

/* [setup] The one copy of that table, made by the first who asks; NULL when out of memory. */
const int16_t *sx_output_table(void);

#endif
