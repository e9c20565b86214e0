/* SPDX-License-Identifier: Apache-2.0
 *
 * Tunings on their way to the audio thread: what is refused, that letters come
 * back, that mute keys start nothing, and that a score tunes as a producer does.
 */
#include <math.h>
#include <string.h>

#include "sixop.h"
#include "test.h"

#define BLOCK 256u
#define EVERY_PART 0xFFFFu

static void fill(double *hertz, double value)
{
  for (uint32_t key = 0; key < SX_KEYS; ++key) {
    hertz[key] = value;
  }
}

static sx_engine *new_engine(uint32_t kernel)
{
  sx_config config = sx_config_default();
  config.kernel = kernel;
  sx_status status;
  sx_engine *engine = sx_new(&config, &status);
  CHECK(engine != NULL);
  return engine;
}

static void wrong_ones_are_refused(void)
{
  sx_engine *engine = new_engine(SX_KERNEL_CHIP);
  double hertz[SX_KEYS];
  const double wrong[] = { NAN, INFINITY, -INFINITY, -0.5, -1.5, -3.0, SX_HIGHEST_HERTZ + 0.01 };
  for (uint32_t round = 0; round < 20; ++round) { /* more than there are letters, if one were lost each time */
    for (uint32_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
      fill(hertz, 440.0);
      hertz[i * 21] = wrong[i];
      CHECK(sx_set_tuning(engine, 0, SX_NOW, EVERY_PART, hertz, 1) == SX_RANGE);
    }
  }
  fill(hertz, 440.0);
  CHECK(sx_set_tuning(engine, 0, SX_NOW, 0, hertz, 1) == SX_RANGE);
  CHECK(sx_set_tuning(engine, 0, SX_NOW, 1u << SX_PARTS, hertz, 1) == SX_RANGE);
  CHECK(sx_set_tuning(engine, 0, SX_NOW, EVERY_PART, hertz, 2) == SX_RANGE);
  CHECK(sx_set_tuning(engine, SX_PRODUCERS, SX_NOW, EVERY_PART, hertz, 1) == SX_RANGE);
  CHECK(sx_set_tuning(engine, 0, -2, EVERY_PART, hertz, 1) == SX_RANGE);
  CHECK(sx_set_tuning(engine, 0, SX_NOW, EVERY_PART, hertz, 1) == SX_OK);
  sx_free(engine);
}

static void letters_come_back(void)
{
  sx_engine *engine = new_engine(SX_KERNEL_CLEAN);
  double hertz[SX_KEYS];
  float out[BLOCK];
  fill(hertz, SX_SAME_PITCH);
  for (uint32_t round = 0; round < 3; ++round) {
    uint32_t sent = 0;
    while (sx_set_tuning(engine, round, SX_NOW, 1, hertz, 0) == SX_OK) {
      CHECK(++sent <= 64);
    }
    CHECK(sent == 64);
    sx_render(engine, out, BLOCK, 1);
  }
  sx_free(engine);
}

static void mute_keys_start_nothing(void)
{
  sx_engine *engine = new_engine(SX_KERNEL_CHIP);
  double hertz[SX_KEYS];
  float out[BLOCK];
  const uint8_t on[] = { 0x90, 60, 100 };
  const uint8_t elsewhere[] = { 0x91, 60, 100 };
  fill(hertz, 0.0);
  CHECK(sx_set_tuning(engine, 0, SX_NOW, 1, hertz, 1) == SX_OK);
  CHECK(sx_midi(engine, 0, SX_NOW, on, 3) == SX_OK);
  sx_render(engine, out, BLOCK, 1);
  sx_stats stats;
  sx_get_stats(engine, &stats);
  CHECK(stats.notes_on == 0 && stats.keys_held == 0);
  CHECK(sx_midi(engine, 0, SX_NOW, elsewhere, 3) == SX_OK); /* another part has its own tuning */
  sx_render(engine, out, BLOCK, 1);
  sx_get_stats(engine, &stats);
  CHECK(stats.notes_on == 1);
  sx_free(engine);
}

/* Whatever is tuned while it sounds: finite, and the same from a score. */
static void scores_tune_as_producers_do(uint32_t kernel)
{
  uint64_t seed = 7;
  static const uint8_t on[] = { 0x90, 60, 100 };
  sx_engine *fed = new_engine(kernel);
  sx_engine *scored = new_engine(kernel);
  sx_score *score = sx_score_new();
  CHECK(score != NULL);
  CHECK(sx_midi(fed, 0, 0, on, 3) == SX_OK && sx_score_midi(score, 0, on, 3) == SX_OK);
  for (uint32_t change = 0; change < 50; ++change) {
    double hertz[SX_KEYS];
    for (uint32_t key = 0; key < SX_KEYS; ++key) {
      const uint32_t what = random_below(&seed, 10);
      hertz[key] = what == 0 ? SX_OWN_PITCH : what == 1 ? SX_SAME_PITCH : random_below(&seed, 24000001) / 1000.0;
    }
    const int64_t frame = (int64_t)change * 997;
    const uint32_t sounding = random_below(&seed, 4) > 0;
    CHECK(sx_set_tuning(fed, 0, frame, EVERY_PART, hertz, sounding) == SX_OK);
    CHECK(sx_score_tuning(score, frame, EVERY_PART, hertz, sounding) == SX_OK);
    hertz[5] = NAN;
    CHECK(sx_score_tuning(score, frame, EVERY_PART, hertz, sounding) == SX_RANGE);
  }
  CHECK(sx_play(scored, score) == SX_OK);
  for (uint32_t block = 0; block < 220; ++block) {
    float one[BLOCK];
    float other[BLOCK];
    sx_render(fed, one, BLOCK, 1);
    sx_render(scored, other, BLOCK, 1);
    CHECK(memcmp(one, other, sizeof one) == 0);
    for (uint32_t i = 0; i < BLOCK; ++i) {
      CHECK(fabsf(one[i]) < 2.0f);
    }
  }
  sx_free(fed);
  sx_free(scored);
}

int main(void)
{
  wrong_ones_are_refused();
  letters_come_back();
  mute_keys_start_nothing();
  scores_tune_as_producers_do(SX_KERNEL_CHIP);
  scores_tune_as_producers_do(SX_KERNEL_CLEAN);
  return 0;
}
