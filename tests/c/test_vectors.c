/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors of any numbers at all: no conversion leaves its range, legal ones
 * survive the way there and back, and the first illegal value is found.
 */
#include <math.h>
#include <string.h>

#include "sixop.h"
#include "test.h"

#define ROWS 300
#define INTEGERS 123

static uint8_t positions[SX_VECTOR_SIZE];
static double maxima[SX_VECTOR_SIZE];
static double scales[SX_VECTOR_SIZE];
static const sx_layout layout = { positions, maxima, scales, INTEGERS };

static uint8_t voices[ROWS * SX_VOICE_BYTES];
static uint8_t back[ROWS * SX_VOICE_BYTES];
static float vectors[ROWS * SX_VECTOR_SIZE];

/* Any layout will do: here it runs backwards. */
static void make_layout(void)
{
  for (uint32_t place = 0; place < SX_VECTOR_SIZE; ++place) {
    positions[place] = (uint8_t)(SX_VECTOR_SIZE - 1 - place);
    maxima[place] = place % 5 == 0 ? 1.0 : 99.0 - place % 7;
    scales[place] = place < INTEGERS ? maxima[place] : 1.0;
  }
}

static void make_voices(uint64_t *random)
{
  for (uint32_t row = 0; row < ROWS; ++row) {
    for (uint32_t place = 0; place < SX_VECTOR_SIZE; ++place) {
      voices[row * SX_VOICE_BYTES + positions[place]] = (uint8_t)random_below(random, (uint32_t)maxima[place] + 1);
    }
  }
}

static void there_and_back(void)
{
  sx_vectors_of_voices(&layout, voices, ROWS, vectors);
  CHECK(sx_first_illegal(&layout, vectors, ROWS) == -1);
  CHECK(sx_voices_of_vectors(&layout, vectors, ROWS, back) == -1);
  CHECK(memcmp(voices, back, sizeof voices) == 0);
  static float settled[ROWS * SX_VECTOR_SIZE];
  memcpy(settled, vectors, sizeof settled);
  CHECK(sx_settle_vectors(&layout, settled, ROWS) == -1);
  CHECK(memcmp(settled, vectors, sizeof settled) == 0);
}

static void strange_values(uint64_t *random)
{
  const float strange[] = { NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 3e9f, -3.0f, 1000.0f };
  for (uint32_t trial = 0; trial < 300; ++trial) {
    const uint32_t at = random_below(random, ROWS * SX_VECTOR_SIZE);
    const float kept = vectors[at];
    vectors[at] = strange[random_below(random, sizeof strange / sizeof *strange)];
    CHECK(sx_first_illegal(&layout, vectors, ROWS) == at);
    CHECK(sx_voices_of_vectors(&layout, vectors, ROWS, back) == at);
    const uint32_t place = at % SX_VECTOR_SIZE;
    const uint8_t number = back[at / SX_VECTOR_SIZE * SX_VOICE_BYTES + positions[place]];
    CHECK(number == (vectors[at] > 0.0f ? (uint8_t)maxima[place] : 0));
    CHECK(sx_settle_vectors(&layout, vectors, ROWS) == at);
    vectors[at] = kept;
  }
}

/* Bits of any kind are legal floats or none; nothing may run out of its range. */
static void any_bits(uint64_t *random)
{
  random_bytes(random, (uint8_t *)vectors, sizeof vectors);
  memset(back, 0, sizeof back);
  sx_voices_of_vectors(&layout, vectors, ROWS, back);
  for (uint32_t row = 0; row < ROWS; ++row) {
    for (uint32_t place = 0; place < SX_VECTOR_SIZE; ++place) {
      CHECK(back[row * SX_VOICE_BYTES + positions[place]] <= maxima[place]);
    }
  }
}

static void halves_go_to_even_numbers(void)
{
  static float row[SX_VECTOR_SIZE];
  const float given[] = { 0.5f, 1.5f, 2.5f, -0.4f };
  const float wanted[] = { 0.0f, 2.0f, 2.0f, 0.0f };
  for (uint32_t i = 0; i < 4; ++i) {
    row[INTEGERS + 1] = given[i];
    row[0] = -0.0f;
    CHECK(sx_settle_vectors(&layout, row, 1) == -1);
    CHECK(row[INTEGERS + 1] == wanted[i] && !signbit(row[0]) && !signbit(row[INTEGERS + 1]));
  }
}

int main(void)
{
  uint64_t random = 20;
  make_layout();
  make_voices(&random);
  there_and_back();
  strange_values(&random);
  any_bits(&random);
  halves_go_to_even_numbers();
  CHECK(sx_first_illegal(&layout, vectors, 0) == -1);
  return 0;
}
