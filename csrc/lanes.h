/* SPDX-License-Identifier: Apache-2.0
 *
 * Sixteen floats side by side. The compiler makes of them whatever vectors the
 * machine has; each lane is summed by itself and the lanes are folded in one
 * fixed order, so every instruction set gives the same bits.
 */
#ifndef SIXOP_LANES_H
#define SIXOP_LANES_H

#include <stdint.h>
#include <string.h>

#include "attributes.h"

#define SX_LANES 16

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SX_HAS_VECTORS /* GCC 12 and later, Clang */
#endif
#endif

#if defined(SX_HAS_VECTORS)

/* Two halves of 32 bytes: wider ones are kept in memory by compilers whose target has no such register. */
typedef float sx_half __attribute__((vector_size(SX_LANES / 2 * sizeof(float))));
typedef float sx_quarter __attribute__((vector_size(SX_LANES / 4 * sizeof(float))));
typedef struct {
  sx_half low, high;
} sx_lanes;
#define SX_NO_LANES { { 0.0f }, { 0.0f } }
#define SX_UNROLL _Pragma("GCC unroll 4")

SX_INLINE void sx_half_add_product(sx_half *sum, const float *a, const float *b)
{
  sx_half x;
  sx_half y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  *sum += x * y;
}

SX_INLINE void sx_lanes_add_product(sx_lanes *sum, const float *a, const float *b)
{
  sx_half_add_product(&sum->low, a, b);
  sx_half_add_product(&sum->high, a + SX_LANES / 2, b + SX_LANES / 2);
}

SX_INLINE void sx_half_scale(float *out, const float *a, float factor)
{
  sx_half x;
  memcpy(&x, a, sizeof x);
  x *= factor;
  memcpy(out, &x, sizeof x);
}

/* out[i] = a[i] * factor */
SX_INLINE void sx_lanes_scale(float *out, const float *a, float factor)
{
  sx_half_scale(out, a, factor);
  sx_half_scale(out + SX_LANES / 2, a + SX_LANES / 2, factor);
}

/* here + fraction * (there - here), then the sum of its lanes: pairs at a distance of 8, 4, 2 and 1. */
SX_INLINE float sx_lanes_between(const sx_lanes *here, const sx_lanes *there, float fraction)
{
  const sx_half a = here->low + here->high;
  const sx_half b = there->low + there->high;
  const sx_half c = a + fraction * (b - a);
  sx_quarter low;
  sx_quarter high;
  memcpy(&low, &c, sizeof low);
  memcpy(&high, (const char *)&c + sizeof low, sizeof high);
  const sx_quarter d = low + high;
  const sx_quarter e = d + __builtin_shufflevector(d, d, 2, 3, 0, 1);
  return e[0] + e[1];
}

#else

typedef struct {
  float lane[SX_LANES];
} sx_lanes;
#define SX_NO_LANES { { 0.0f } }
#define SX_UNROLL

SX_INLINE void sx_lanes_add_product(sx_lanes *sum, const float *a, const float *b)
{
  for (uint32_t i = 0; i < SX_LANES; ++i) {
    sum->lane[i] += a[i] * b[i];
  }
}

SX_INLINE void sx_lanes_scale(float *out, const float *a, float factor)
{
  for (uint32_t i = 0; i < SX_LANES; ++i) {
    out[i] = a[i] * factor;
  }
}

SX_INLINE float sx_lanes_between(const sx_lanes *here, const sx_lanes *there, float fraction)
{
  float sum[SX_LANES / 2];
  for (uint32_t i = 0; i < SX_LANES / 2; ++i) {
    const float a = here->lane[i] + here->lane[i + SX_LANES / 2];
    const float b = there->lane[i] + there->lane[i + SX_LANES / 2];
    sum[i] = a + fraction * (b - a);
  }
  for (uint32_t i = 0; i < SX_LANES / 4; ++i) {
    sum[i] += sum[i + SX_LANES / 4];
  }
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

#endif

#endif
