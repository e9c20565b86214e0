/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes are a playable voice and any order of any events is a performance:
 * the sound stays finite and bounded, and panic silences it.
 */
#include <math.h>

#include "sixop.h"
#include "test.h"

#define PERFORMANCES 60
#define BLOCKS 60
#define LARGEST_BLOCK 700u

static uint64_t seed;

static void tune(sx_engine *engine, uint32_t producer, int64_t frame)
{
  double hertz[SX_KEYS];
  for (uint32_t key = 0; key < SX_KEYS; ++key) {
    hertz[key] = (double)random_below(&seed, SX_HIGHEST_HERTZ + 3) + SX_SAME_PITCH;
  }
  CHECK(sx_set_tuning(engine, producer, frame, 1 + random_below(&seed, 0xFFFF), hertz, random_below(&seed, 2)) !=
        SX_RANGE);
}

static void happen(sx_engine *engine)
{
  uint8_t voice[SX_VOICE_BYTES];
  uint8_t message[3];
  const uint32_t producer = random_below(&seed, SX_PRODUCERS);
  const uint32_t part = random_below(&seed, SX_PARTS);
  const int64_t frame = (int64_t)random_below(&seed, 30000) - 1;
  switch (random_below(&seed, 16)) {
  case 0:
    random_bytes(&seed, voice, sizeof voice);
    sx_load(engine, producer, frame, part, voice, SX_ALL_OPERATORS);
    break;
  case 1: sx_set_operators(engine, producer, frame, part, random_below(&seed, 70)); break;
  case 2:
    sx_set_function(engine, producer, frame, part, 60 + random_below(&seed, 25), (uint32_t)random_bits(&seed));
    break;
  case 3: sx_set_volume(engine, producer, frame, (float)random_below(&seed, 2000) / 100.0f - 1.0f); break;
  case 4:
    if (random_below(&seed, 20) == 0) {
      sx_panic(engine, producer, frame);
    }
    break;
  case 13:
    sx_member_note(engine, producer, frame, part, random_below(&seed, 18), random_below(&seed, 129),
                   random_below(&seed, 129));
    break;
  case 14:
    sx_member_touch(engine, producer, frame, part, random_below(&seed, 18), random_below(&seed, 6),
                    (int32_t)random_below(&seed, 2 * SX_WIDEST_TOUCH + 3) - SX_WIDEST_TOUCH - 1);
    break;
  case 15:
    CHECK(sx_member_touch(engine, producer, SX_NOW, part, 1 + random_below(&seed, 3), SX_TOUCH_BEND,
                          (int32_t)random_below(&seed, 2 * SX_WIDEST_TOUCH) - SX_WIDEST_TOUCH) != SX_RANGE);
    CHECK(sx_member_note(engine, producer, SX_NOW, part, 1 + random_below(&seed, 3), random_below(&seed, 128),
                         random_below(&seed, 128)) != SX_RANGE);
    break;
  case 8: tune(engine, producer, frame); break;
  case 5:
  case 6:
  case 7: /* a note, so that something sounds */
    message[0] = (uint8_t)(0x90 | part);
    message[1] = (uint8_t)random_below(&seed, 128);
    message[2] = (uint8_t)random_below(&seed, 128);
    CHECK(sx_midi(engine, producer, SX_NOW, message, 3) != SX_RANGE);
    break;
  default:
    random_bytes(&seed, message, sizeof message);
    sx_midi(engine, producer, frame, message, random_below(&seed, 4));
  }
}

static sx_engine *any_engine(sx_config *config)
{
  *config = sx_config_default();
  config->sample_rate = SX_MIN_RATE + random_below(&seed, SX_MAX_RATE - SX_MIN_RATE + 1);
  config->voices = 1 + random_below(&seed, random_below(&seed, 2) ? 4 : 40);
  config->parts = 1 + random_below(&seed, SX_PARTS);
  config->steal = random_below(&seed, 2);
  config->output = random_below(&seed, 2);
  config->clamp = random_below(&seed, 2);
  config->volume = (float)random_below(&seed, 17);
  config->record_frames = random_below(&seed, 2) * 4096;
  sx_status status;
  sx_engine *engine = sx_new(config, &status);
  CHECK(engine != NULL && status == SX_OK);
  return engine;
}

/* Silence after panic, fade and the resampler's memory: 50 ms are plenty. */
static void falls_silent(sx_engine *engine, const sx_config *config)
{
  float out[64];
  for (int64_t frame = -1; frame < 30000;) { /* let every timed event pass first */
    sx_render(engine, out, 64, 1);
    frame += 64;
  }
  CHECK(sx_panic(engine, 0, SX_NOW) == SX_OK);
  for (uint32_t done = 0; done < config->sample_rate / 20; done += 64) {
    sx_render(engine, out, 64, 1);
  }
  sx_stats stats;
  sx_get_stats(engine, &stats);
  CHECK(stats.voices_sounding == 0);
  CHECK(stats.keys_held == 0);
  for (uint32_t i = 0; i < 64; ++i) {
    CHECK(fabsf(out[i]) < 1e-6f);
  }
}

static void perform(void)
{
  static float out[2 * LARGEST_BLOCK], record[2 * LARGEST_BLOCK];
  sx_config config;
  sx_engine *engine = any_engine(&config);
  /* A voice is at most six carriers; a resampler may overshoot, but not by as much as twice. */
  const float bound = config.clamp ? 1.0f : 2.0f * 6.0f * 16.0f * (float)(config.voices + 8);
  for (uint32_t block = 0; block < BLOCKS; ++block) {
    for (uint32_t i = random_below(&seed, 12); i > 0; --i) {
      happen(engine);
    }
    const uint32_t frames = 1 + random_below(&seed, LARGEST_BLOCK);
    const uint32_t channels = 1 + random_below(&seed, 2);
    sx_render(engine, out, frames, channels);
    for (uint32_t i = 0; i < frames * channels; ++i) {
      CHECK(isfinite(out[i]) && fabsf(out[i]) <= bound);
    }
    CHECK(sx_record_read(engine, record, LARGEST_BLOCK) <= LARGEST_BLOCK);
  }
  falls_silent(engine, &config);
  sx_free(engine);
}

int main(int argc, char **argv)
{
  const uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  for (uint64_t performance = first; performance < first + PERFORMANCES; ++performance) {
    seed = performance;
    perform();
  }
  return 0;
}
