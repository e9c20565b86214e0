/* SPDX-License-Identifier: Apache-2.0
 *
 * Many voices at once in one engine, for builds with other instruction sets than the installed one.
 */
#include <stddef.h>

#include "sixop.h"

#define NOTE_ON 0x90
#define NOTE_OFF 0x80

/* Plays `count` notes of `count` voices of 155 bytes, note i on part i % SX_PARTS at frame i * 8, its key up after
 * half of the frames. Returns 0 if the engine cannot be made. */
int chorus(uint32_t kernel, uint32_t rate, const uint8_t *voices, uint32_t count, float *out, uint32_t frames)
{
  sx_config config = sx_config_default();
  sx_status status;
  config.kernel = kernel;
  config.sample_rate = rate;
  config.voices = 64;
  sx_engine *engine = sx_new(&config, &status);
  if (engine == NULL) {
    return 0;
  }
  for (uint32_t i = 0; i < count; ++i) {
    const uint8_t part = (uint8_t)(i % SX_PARTS);
    const uint8_t note = (uint8_t)(36 + i * 7 % 48);
    const uint8_t on[] = { (uint8_t)(NOTE_ON | part), note, (uint8_t)(1 + i * 5 % 127) };
    const uint8_t off[] = { (uint8_t)(NOTE_OFF | part), note, 0 };
    sx_load(engine, 0, 8 * i, part, voices + i * SX_VOICE_BYTES, SX_ALL_OPERATORS);
    sx_midi(engine, 0, 8 * i, on, sizeof on);
    sx_midi(engine, 0, frames / 2 + 8 * i, off, sizeof off);
  }
  sx_render(engine, out, frames, 1);
  sx_free(engine);
  return 1;
}
