/* SPDX-License-Identifier: Apache-2.0
 *
 * All a C test needs: a check that names itself when it fails, and seeded
 * random numbers, so that a failure can be repeated.
 */
#ifndef SIXOP_TEST_H
#define SIXOP_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                          \
  do {                                                                            \
    if (!(condition)) {                                                           \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);     \
      exit(1);                                                                    \
    }                                                                             \
  } while (0)

/* SplitMix64 (Steele, Lea, Flood 2014): any seed will do. */
static inline uint64_t random_bits(uint64_t *state)
{
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/* 0..limit-1 */
static inline uint32_t random_below(uint64_t *state, uint32_t limit)
{
  return (uint32_t)(random_bits(state) % limit);
}

static inline void random_bytes(uint64_t *state, uint8_t *bytes, uint32_t count)
{
  for (uint32_t i = 0; i < count; ++i) {
    bytes[i] = (uint8_t)random_bits(state);
  }
}

#endif
