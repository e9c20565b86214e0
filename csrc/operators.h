/* SPDX-License-Identifier: Apache-2.0
 *
 * Operators of the `chip` kernel over a span, in the integer log-sine
 * arithmetic of the operator chip (YM21280):
 *
 *     attenuation = log_sine[phase + modulation] + 4 * envelope + compensation
 *     output      = sign * exponential[attenuation]
 *
 * An output of +-16372 added to a 12-bit phase is four cycles. Modulators act
 * within the same frame; feedback is the sum of the two frames before, shifted.
 *
 * The look-ups are scalar: a gather takes longer than reading its places one by
 * one (0.9 to 1.5 ns against 0.4 for a frame). What is around them is done in
 * vectors. Only where small tables fit into vector registers (rom_wide.h), and
 * outside of feedback, are they vectors too (0.3 ns).
 */
#ifndef SIXOP_OPERATORS_H
#define SIXOP_OPERATORS_H

#include <stdint.h>

#include "algorithms.h"
#include "attributes.h"
#include "envelope.h"

#define SX_BLOCK 132 /* frames rendered at once: never more than a tick at the native rate */
#define SX_ROW 160   /* the same in whole vectors of 32, with SX_ENVELOPE_ROOM */
#define SX_PATHS 8   /* feedback paths computed side by side */
#define SX_COMPANIONS (SX_OPERATORS - 1)

/* An operator, a value per frame. */
typedef struct {
  /* attenuation, 1/1024 octave, carrier compensation included; then output, signed */
  _Alignas(SX_CACHE_LINE) uint16_t value[SX_ROW];
  uint16_t place[SX_ROW]; /* 1/4096 cycle */
} sx_lane;

/* Of the operator that feeds back: its last output, and the one before. */
typedef struct {
  int32_t last;
  int32_t before;
} sx_chip_history;

/* Operators that feed themselves: lane[k] is fed by lane[k + 1], the last one by lane[0]. */
typedef struct {
  sx_lane lane[SX_LONGEST_PATH];
  sx_chip_history history;
  uint32_t shift;           /* right, from the sum of two outputs to 1/4096 cycle */
} sx_path;

/* An operator outside the path of its voice. */
typedef struct {
  sx_lane *lane;
  const uint16_t *modulation; /* ready by the time its frame is reached */
} sx_companion;

/* How an operator goes through its cycle. */
typedef struct {
  uint32_t phase;             /* 2^-32 cycle, in the first frame */
  uint32_t step;
  const uint16_t *modulation; /* 1/4096 cycle for each frame, or NULL */
} sx_course;

/* Where the operator is in its cycle. */
void sx_lane_place(sx_lane *lane, const sx_course *course, uint32_t frames) SX_REALTIME;
/* Its outputs, at the attenuations in `value`, or at a steady one. `outputs`: sx_output_table(). */
void sx_lane_sound(sx_lane *lane, const sx_course *course, const int16_t *outputs, uint32_t frames) SX_REALTIME;
void sx_lane_sound_steadily(sx_lane *lane, const sx_course *course, uint32_t attenuation, const int16_t *outputs,
                            uint32_t frames) SX_REALTIME;

/* Up to SX_PATHS paths of one length, placed without modulation. */
void sx_paths_run(sx_path *path, uint32_t count, uint32_t length, const int16_t *outputs, uint32_t frames) SX_REALTIME;
/* A path alone, and in its company operators placed without modulation. */
void sx_path_run_with(sx_path *path, uint32_t length, const sx_companion *companion, uint32_t companions,
                      const int16_t *outputs, uint32_t frames) SX_REALTIME;

#endif
