/* SPDX-License-Identifier: Apache-2.0
 *
 * Every refusal of the interface: what is out of range, what does not fit, and
 * that a refusal changes nothing.
 */
#include "sixop.h"
#include "test.h"

static sx_engine *refused(sx_config config)
{
  sx_status status = SX_OK;
  sx_engine *engine = sx_new(&config, &status);
  CHECK(engine == NULL);
  CHECK(status == SX_RANGE);
  return engine;
}

static void configs_out_of_range(void)
{
  sx_config config = sx_config_default();
  config.sample_rate = SX_MIN_RATE - 1;
  refused(config);
  config.sample_rate = SX_MAX_RATE + 1;
  refused(config);
  config = sx_config_default();
  config.voices = 0;
  refused(config);
  config.voices = SX_MAX_VOICES + 1;
  refused(config);
  config = sx_config_default();
  config.parts = 0;
  refused(config);
  config.parts = SX_PARTS + 1;
  refused(config);
  config = sx_config_default();
  config.output = SX_OUTPUT_DX7 + 1;
  refused(config);
  config = sx_config_default();
  config.volume = -0.5f;
  refused(config);
  config.volume = 16.5f;
  refused(config);
  config = sx_config_default();
  config.mono = 2;
  refused(config);
  config = sx_config_default();
  config.limiter = 2;
  refused(config);
}

static void configs_at_the_ends(void)
{
  const uint32_t rates[] = { SX_MIN_RATE, 44100, 48000, SX_MAX_RATE };
  const uint32_t voices[] = { 1, 2, 16, SX_MAX_VOICES };
  for (int i = 0; i < 4; ++i) {
    sx_config config = sx_config_default();
    config.sample_rate = rates[i];
    config.voices = voices[i];
    sx_status status = SX_MEMORY;
    sx_engine *engine = sx_new(&config, &status);
    CHECK(engine != NULL && status == SX_OK);
    sx_free(engine);
  }
  sx_free(NULL);
  sx_score_free(NULL);
}

static void events_out_of_range(sx_engine *engine)
{
  const uint8_t note[] = { 0x90, 60, 100 };
  const uint8_t data_too_large[] = { 0x90, 128, 100 };
  const uint8_t system[] = { 0xF8, 0, 0 };
  const uint8_t no_status[] = { 60, 100, 0 };
  const uint8_t voice[SX_VOICE_BYTES] = { 0 };
  CHECK(sx_midi(engine, SX_PRODUCERS, SX_NOW, note, 3) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW - 1, note, 3) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, note, 0) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, note, 2) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, note, 4) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, data_too_large, 3) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, system, 1) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, system, 3) == SX_RANGE);
  CHECK(sx_midi(engine, 0, SX_NOW, no_status, 3) == SX_RANGE);
  CHECK(sx_load(engine, SX_PRODUCERS, SX_NOW, 0, voice, SX_ALL_OPERATORS) == SX_RANGE);
  CHECK(sx_load(engine, 0, SX_NOW, SX_PARTS, voice, SX_ALL_OPERATORS) == SX_RANGE);
  CHECK(sx_set_operators(engine, 0, SX_NOW, SX_PARTS, 0) == SX_RANGE);
  CHECK(sx_set_operators(engine, 0, SX_NOW, 0, 64) == SX_RANGE);
  CHECK(sx_set_function(engine, 0, SX_NOW, 0, SX_MONO - 1, 0) == SX_RANGE);
  CHECK(sx_set_function(engine, 0, SX_NOW, 0, SX_MASTER_TUNE + 1, 0) == SX_RANGE);
  CHECK(sx_set_volume(engine, 0, SX_NOW, -1.0f) == SX_RANGE);
  CHECK(sx_set_volume(engine, 0, SX_NOW, 17.0f) == SX_RANGE);
  CHECK(sx_set_part_volume(engine, 0, SX_NOW, SX_PARTS, 1.0f) == SX_RANGE);
  CHECK(sx_set_part_volume(engine, 0, SX_NOW, 0, -0.1f) == SX_RANGE);
  CHECK(sx_set_part_volume(engine, 0, SX_NOW, 0, 4.1f) == SX_RANGE);
  CHECK(sx_set_pan(engine, 0, SX_NOW, SX_PARTS, 0.0f) == SX_RANGE);
  CHECK(sx_set_pan(engine, 0, SX_NOW, 0, -1.1f) == SX_RANGE);
  CHECK(sx_set_pan(engine, 0, SX_NOW, 0, 1.1f) == SX_RANGE);
  CHECK(sx_set_limiter(engine, 0, SX_NOW, 2) == SX_RANGE);
  CHECK(sx_panic(engine, SX_PRODUCERS, SX_NOW) == SX_RANGE);

  float out[2 * 64];
  sx_render(engine, out, 64, 2);
  sx_stats stats;
  sx_get_stats(engine, &stats);
  CHECK(stats.events == 0);
}

/* A score knows the same limits. */
static void scored_out_of_range(void)
{
  sx_score *score = sx_score_new();
  CHECK(score != NULL);
  for (uint32_t number = 0; number < 256; ++number) {
    const int exists = number >= SX_MONO && number <= SX_MASTER_TUNE;
    const uint32_t highest = sx_function_highest(number);
    CHECK(sx_score_function(score, 0, 0, number, highest + 1) == (exists ? SX_OK : SX_RANGE));
    CHECK((highest > 0) == exists && sx_function_first(number) <= highest);
  }
  CHECK(sx_score_function(score, 0, SX_PARTS, SX_MONO, 0) == SX_RANGE);
  CHECK(sx_score_function(score, -1, 0, SX_MONO, 0) == SX_RANGE);
  CHECK(sx_score_operators(score, 0, 0, SX_ALL_OPERATORS) == SX_OK);
  CHECK(sx_score_operators(score, 0, 0, SX_ALL_OPERATORS + 1) == SX_RANGE);
  CHECK(sx_score_operators(score, 0, SX_PARTS, 0) == SX_RANGE);
  CHECK(sx_score_operators(score, SX_LAST_FRAME + 1, 0, 0) == SX_RANGE);
  sx_score_free(score);
}

/* A full queue refuses, and takes again once the engine has rendered. */
static void full_queue(sx_engine *engine)
{
  const uint8_t wheel[] = { 0xB0, 1, 5 };
  uint64_t taken = 0;
  sx_status status;
  while ((status = sx_midi(engine, 3, SX_NOW, wheel, 3)) == SX_OK) {
    CHECK(++taken < 1u << 24);
  }
  CHECK(status == SX_FULL);
  CHECK(taken >= 256);
  float out[2 * 64];
  sx_render(engine, out, 64, 2);
  CHECK(sx_midi(engine, 3, SX_NOW, wheel, 3) == SX_OK);
  sx_render(engine, out, 64, 2);
  sx_stats stats;
  sx_get_stats(engine, &stats);
  CHECK(stats.events == taken + 1);
}

/* The same for voices: refused when too many are on their way, none lost, none leaked. */
static void full_post(sx_engine *engine)
{
  const uint8_t voice[SX_VOICE_BYTES] = { 0 };
  float out[2 * 64];
  for (int round = 0; round < 5; ++round) {
    uint32_t taken = 0;
    while (sx_load(engine, 0, SX_NOW, taken % SX_PARTS, voice, SX_ALL_OPERATORS) == SX_OK) {
      CHECK(++taken < 1u << 20);
    }
    CHECK(taken >= SX_PARTS);
    sx_render(engine, out, 64, 2);
  }
  CHECK(sx_load(engine, 0, SX_NOW, 0, voice, SX_ALL_OPERATORS) == SX_OK);
}

int main(void)
{
  configs_out_of_range();
  configs_at_the_ends();
  for (int status = SX_OK; status <= SX_MEMORY; ++status) {
    CHECK(sx_strerror((sx_status)status)[0] != '\0');
  }
  const sx_config config = sx_config_default();
  sx_status status;
  sx_engine *engine = sx_new(&config, &status);
  CHECK(engine != NULL);
  events_out_of_range(engine);
  scored_out_of_range();
  full_queue(engine);
  full_post(engine);
  sx_free(engine);
  return 0;
}
