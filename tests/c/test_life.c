/* SPDX-License-Identifier: Apache-2.0
 *
 * One note from key to silence, on a new engine with nothing but its INIT VOICE.
 */
#include "sixop.h"
#include "test.h"

#define BLOCK 480u

static float loudest(sx_engine *engine, uint32_t blocks)
{
  float out[2 * BLOCK];
  float peak = 0.0f;
  for (uint32_t block = 0; block < blocks; ++block) {
    sx_render(engine, out, BLOCK, 2);
    for (uint32_t i = 0; i < 2 * BLOCK; i += 2) {
      CHECK(out[i] == out[i + 1]);
      const float magnitude = out[i] < 0.0f ? -out[i] : out[i];
      peak = magnitude > peak ? magnitude : peak;
    }
  }
  return peak;
}

int main(void)
{
  const sx_config config = sx_config_default();
  sx_status status;
  sx_engine *engine = sx_new(&config, &status);
  CHECK(engine != NULL);
  sx_stats stats;

  CHECK(loudest(engine, 10) == 0.0f);

  const uint8_t on[] = { 0x90, 69, 127 };
  CHECK(sx_midi(engine, 0, SX_NOW, on, 3) == SX_OK);
  const float peak = loudest(engine, 10);
  CHECK(peak > 0.45f && peak < 0.55f); /* 1.0 over algorithm 1's two carriers, of which one is silent */
  sx_get_stats(engine, &stats);
  CHECK(stats.notes_on == 1 && stats.keys_held == 1 && stats.voices_sounding == 1);
  CHECK(stats.peak == peak);

  const uint8_t off[] = { 0x80, 69, 64 };
  CHECK(sx_midi(engine, 0, SX_NOW, off, 3) == SX_OK);
  loudest(engine, 100);
  CHECK(loudest(engine, 1) == 0.0f);
  sx_get_stats(engine, &stats);
  CHECK(stats.keys_held == 0 && stats.voices_sounding == 0);
  CHECK(stats.frames == 121 * BLOCK);

  /* A timed note starts on its frame or, by the resampler's delay, a little later; only its filter rings before. */
  const uint32_t wait = 10 * BLOCK;
  CHECK(sx_midi(engine, 0, (int64_t)stats.frames + wait, on, 3) == SX_OK);
  CHECK(loudest(engine, 10) < 0.05f);
  CHECK(loudest(engine, 10) > 0.45f);
  const double delay = sx_group_delay(engine);
  CHECK(delay >= 0.0 && delay < 0.01);
  sx_free(engine);
  return 0;
}
