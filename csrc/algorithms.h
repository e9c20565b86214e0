/* SPDX-License-Identifier: Apache-2.0
 *
 * The DX7's 32 algorithms as one table (algorithm ROM; msfa's table agrees).
 * Operators are numbered 0..5 here for OP1..OP6. A modulator always has a
 * higher number than what it modulates, so computing 5 down to 0 has every
 * modulator ready; only the feedback path runs the other way.
 */
#ifndef SIXOP_ALGORITHMS_H
#define SIXOP_ALGORITHMS_H

#include <stdint.h>

#include "attributes.h"

#define SX_OPERATORS 6
#define SX_ALGORITHMS 32
#define SX_MOST_CARRIERS 32
#define SX_LONGEST_PATH 3 /* operators in the feedback of algorithm 4 */

typedef struct {
  uint8_t carriers;                 /* bit n: operator n is heard */
  uint8_t sources[SX_OPERATORS];    /* bit m of entry n: operator m modulates operator n */
  uint8_t feedback_source;          /* the operator whose last two outputs... */
  uint8_t feedback_target;          /* ...are added to the phase of this one */
} sx_algorithm;

extern const sx_algorithm sx_algorithms[SX_ALGORITHMS];

/* The operators of the feedback path, a bit each: they have consecutive numbers. */
SX_INLINE uint32_t sx_feedback_operators(const sx_algorithm *algorithm)
{
  return (2u << algorithm->feedback_target) - (1u << algorithm->feedback_source);
}

/* How many they are: 1..SX_LONGEST_PATH. */
SX_INLINE uint32_t sx_feedback_length(const sx_algorithm *algorithm)
{
  return algorithm->feedback_target - algorithm->feedback_source + 1u;
}

/* Of the operators that sound, those that reach a carrier through others that do. */
SX_INLINE uint32_t sx_heard_operators(const sx_algorithm *algorithm, uint32_t sounding)
{
  uint32_t heard = algorithm->carriers;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) { /* targets before their modulators */
    if (heard & sounding & (1u << op)) {
      heard |= algorithm->sources[op];
    }
  }
  return heard & sounding;
}

/* Extra attenuation of each of so many carriers, up to SX_MOST_CARRIERS, in 1/1024 octave: keeps algorithms equally
 * loud. The chip knows 1 to 6; larger graphs go on by its rule, ceil(8 log2(carriers)) eighths of an octave. */
uint32_t sx_compensation(uint32_t carriers) SX_REALTIME;

#endif
