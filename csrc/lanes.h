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

#if defined(__has_builtin) && !defined(SX_PLAIN) /* -DSX_PLAIN: as for a compiler without them */
#if __has_builtin(__builtin_shufflevector)
#define SX_HAS_VECTORS /* GCC 12 and later, Clang */
#endif
#endif

#if defined(SX_HAS_VECTORS)

/* Two halves of 32 bytes: wider ones are kept in memory by compilers whose target has no such register. */
typedef float sx_half __attribute__((vector_size(SX_LANES / 2 * sizeof(float))));
typedef float sx_quarter __attribute__((vector_size(SX_LANES / 4 * sizeof(float))));
typedef int32_t sx_quarter_int __attribute__((vector_size(SX_LANES / 4 * sizeof(int32_t))));
typedef uint32_t sx_quarter_uint __attribute__((vector_size(SX_LANES / 4 * sizeof(uint32_t))));
typedef struct {
  sx_half low, high;
} sx_lanes;
#define SX_UNROLL _Pragma("GCC unroll 4")
#define SX_VECTOR_LOOP _Pragma("GCC unroll 1") /* to be one vector, not so many statements */

SX_INLINE void sx_half_product(sx_half *product, const float *x, const float *a, const float *slope, float way)
{
  sx_half input;
  sx_half start;
  sx_half slant;
  memcpy(&input, x, sizeof input);
  memcpy(&start, a, sizeof start);
  memcpy(&slant, slope, sizeof slant);
  *product = input * (start + way * slant);
}

/* x * (a + way * slope) */
SX_INLINE sx_lanes sx_lanes_product(const float *x, const float *a, const float *slope, float way)
{
  sx_lanes product;
  sx_half_product(&product.low, x, a, slope, way);
  sx_half_product(&product.high, x + SX_LANES / 2, a + SX_LANES / 2, slope + SX_LANES / 2, way);
  return product;
}

SX_INLINE void sx_lanes_add(sx_lanes *sum, const sx_lanes *addend)
{
  sum->low += addend->low;
  sum->high += addend->high;
}

/* Rows of four become columns: out[column][at + row] = in[row][column]. */
SX_INLINE void sx_transpose4_rows(float *const *out, uint32_t at, const float *const *in)
{
  sx_quarter a;
  sx_quarter b;
  sx_quarter c;
  sx_quarter d;
  memcpy(&a, in[0], sizeof a);
  memcpy(&b, in[1], sizeof b);
  memcpy(&c, in[2], sizeof c);
  memcpy(&d, in[3], sizeof d);
  const sx_quarter ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const sx_quarter ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const sx_quarter cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const sx_quarter cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  a = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  b = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  c = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  d = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
  memcpy(out[0] + at, &a, sizeof a);
  memcpy(out[1] + at, &b, sizeof b);
  memcpy(out[2] + at, &c, sizeof c);
  memcpy(out[3] + at, &d, sizeof d);
}

SX_INLINE void sx_half_line(float *out, const float *a, const float *slope, float way)
{
  sx_half start;
  sx_half slant;
  memcpy(&start, a, sizeof start);
  memcpy(&slant, slope, sizeof slant);
  start += way * slant;
  memcpy(out, &start, sizeof start);
}

/* out = a + way * slope */
SX_INLINE void sx_lanes_line(float *out, const float *a, const float *slope, float way)
{
  sx_half_line(out, a, slope, way);
  sx_half_line(out + SX_LANES / 2, a + SX_LANES / 2, slope + SX_LANES / 2, way);
}

/* The same sixteen in one: what little the compiler needs for sums that are all in registers. */
typedef float sx_wide __attribute__((vector_size(SX_LANES * sizeof(float))));

/* x * factor */
SX_INLINE void sx_wide_multiple(sx_wide *product, const float *x, float factor)
{
  memcpy(product, x, sizeof *product);
  *product *= factor;
}

SX_INLINE void sx_wide_add(sx_wide *sum, const sx_wide *addend)
{
  *sum += *addend;
}

/* The sum of the lanes: pairs at a distance of 8, 4, 2 and 1. */
SX_INLINE float sx_lanes_sum(const sx_lanes *lanes)
{
  const sx_half c = lanes->low + lanes->high;
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
#define SX_UNROLL
#define SX_VECTOR_LOOP

SX_INLINE sx_lanes sx_lanes_product(const float *x, const float *a, const float *slope, float way)
{
  sx_lanes product;
  for (uint32_t i = 0; i < SX_LANES; ++i) {
    product.lane[i] = x[i] * (a[i] + way * slope[i]);
  }
  return product;
}

SX_INLINE void sx_lanes_add(sx_lanes *sum, const sx_lanes *addend)
{
  for (uint32_t i = 0; i < SX_LANES; ++i) {
    sum->lane[i] += addend->lane[i];
  }
}

SX_INLINE void sx_transpose4_rows(float *const *out, uint32_t at, const float *const *in)
{
  for (uint32_t row = 0; row < 4; ++row) {
    for (uint32_t column = 0; column < 4; ++column) {
      out[column][at + row] = in[row][column];
    }
  }
}

SX_INLINE void sx_lanes_line(float *out, const float *a, const float *slope, float way)
{
  for (uint32_t i = 0; i < SX_LANES; ++i) {
    out[i] = a[i] + way * slope[i];
  }
}

typedef sx_lanes sx_wide;

SX_INLINE void sx_wide_multiple(sx_wide *product, const float *x, float factor)
{
  for (uint32_t i = 0; i < SX_LANES; ++i) {
    product->lane[i] = x[i] * factor;
  }
}

SX_INLINE void sx_wide_add(sx_wide *sum, const sx_wide *addend)
{
  sx_lanes_add(sum, addend);
}

SX_INLINE float sx_lanes_sum(const sx_lanes *lanes)
{
  float sum[SX_LANES / 2];
  for (uint32_t i = 0; i < SX_LANES / 2; ++i) {
    sum[i] = lanes->lane[i] + lanes->lane[i + SX_LANES / 2];
  }
  for (uint32_t i = 0; i < SX_LANES / 4; ++i) {
    sum[i] += sum[i + SX_LANES / 4];
  }
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

#endif

/* The same where the rows lie at one distance: in[row * in_step + column]. */
SX_INLINE void sx_transpose4_into(float *const *out, uint32_t at, const float *in, uint32_t in_step)
{
  const float *const row[4] = { in, in + in_step, in + 2 * in_step, in + 3 * in_step };
  sx_transpose4_rows(out, at, row);
}

/* The same where the columns do, too: out[column * out_step + row]. */
SX_INLINE void sx_transpose4(float *out, uint32_t out_step, const float *in, uint32_t in_step)
{
  float *const column[4] = { out, out + out_step, out + 2 * out_step, out + 3 * out_step };
  sx_transpose4_into(column, 0, in, in_step);
}

/* out[i] = x[i] * factor, in one store where there is a register for it: what will be read in one piece must have been
 * written so. */
SX_INLINE void sx_lanes_scale(float *out, const float *x, float factor)
{
  sx_wide product;
  sx_wide_multiple(&product, x, factor);
  memcpy(out, &product, sizeof product);
}

#endif
