/* SPDX-License-Identifier: Apache-2.0
 *
 * Between voices and their vectors, a row at a time. Which parameter stands at
 * which place is the caller's table, and every number is rounded by one rule.
 */
#include <math.h>
#include <stddef.h>

#include "sixop.h"

/* The numbers a vector stands for, rounded. Returns how many of them are none of their parameter's, as a NaN is not. */
SX_CLONED static uint32_t read_numbers(const sx_layout *layout, const float *vector, double *numbers)
{
  uint32_t illegal = 0;
  for (uint32_t i = 0; i < SX_VECTOR_SIZE; ++i) {
    numbers[i] = rint((double)vector[i] * layout->scales[i]);
    illegal += !((numbers[i] >= 0.0) & (numbers[i] <= layout->maxima[i]));
  }
  return illegal;
}

static int64_t first_illegal(const sx_layout *layout, const double *numbers, uint32_t row)
{
  uint32_t place = 0;
  while (numbers[place] >= 0.0 && numbers[place] <= layout->maxima[place]) {
    ++place;
  }
  return (int64_t)row * SX_VECTOR_SIZE + place;
}

/* 0 of a NaN. */
SX_INLINE double within(double value, double highest)
{
  return value > 0.0 ? (value < highest ? value : highest) : 0.0;
}

int64_t sx_voices_of_vectors(const sx_layout *layout, const float *vectors, uint32_t rows, uint8_t *voices)
{
  int64_t illegal = -1;
  for (uint32_t row = 0; row < rows; ++row) {
    double numbers[SX_VECTOR_SIZE];
    if (read_numbers(layout, vectors + (size_t)row * SX_VECTOR_SIZE, numbers) > 0 && illegal < 0) {
      illegal = first_illegal(layout, numbers, row);
    }
    uint8_t *voice = voices + (size_t)row * SX_VOICE_BYTES;
    for (uint32_t i = 0; i < SX_VECTOR_SIZE; ++i) {
      voice[layout->positions[i]] = (uint8_t)within(numbers[i], layout->maxima[i]);
    }
  }
  return illegal;
}

int64_t sx_first_illegal(const sx_layout *layout, const float *vectors, uint32_t rows)
{
  for (uint32_t row = 0; row < rows; ++row) {
    double numbers[SX_VECTOR_SIZE];
    if (read_numbers(layout, vectors + (size_t)row * SX_VECTOR_SIZE, numbers) > 0) {
      return first_illegal(layout, numbers, row);
    }
  }
  return -1;
}

/* Of legal numbers. */
SX_CLONED static void settle(const sx_layout *layout, const double *numbers, float *vector)
{
  for (uint32_t i = 0; i < layout->integers; ++i) {
    vector[i] = (float)within((double)vector[i], 1.0);
  }
  for (uint32_t i = layout->integers; i < SX_VECTOR_SIZE; ++i) {
    vector[i] = (float)within(numbers[i], layout->maxima[i]); /* no negative zeros */
  }
}

int64_t sx_settle_vectors(const sx_layout *layout, float *vectors, uint32_t rows)
{
  for (uint32_t row = 0; row < rows; ++row) {
    float *vector = vectors + (size_t)row * SX_VECTOR_SIZE;
    double numbers[SX_VECTOR_SIZE];
    if (read_numbers(layout, vector, numbers) > 0) {
      return first_illegal(layout, numbers, row);
    }
    settle(layout, numbers, vector);
  }
  return -1;
}

void sx_vectors_of_voices(const sx_layout *layout, const uint8_t *voices, uint32_t rows, float *vectors)
{
  for (uint32_t row = 0; row < rows; ++row) {
    const uint8_t *voice = voices + (size_t)row * SX_VOICE_BYTES;
    float *vector = vectors + (size_t)row * SX_VECTOR_SIZE;
    for (uint32_t i = 0; i < SX_VECTOR_SIZE; ++i) {
      vector[i] = (float)(voice[layout->positions[i]] / layout->scales[i]);
    }
  }
}
