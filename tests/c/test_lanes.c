/* SPDX-License-Identifier: Apache-2.0
 *
 * What a voice sounds like depends on nobody: alone, or with others in the
 * lanes beside it, it gives the same bits, in both kernels.
 */
#include <string.h>

#include "chip.h"
#include "clean.h"
#include "rom.h"
#include "sixop.h"
#include "test.h"
#include "voice.h"

#define VOICES 64u
#define FRAMES 1500u
#define RELEASE 700u /* frame */

static sx_program program[VOICES];
static sx_voice voice[VOICES];
static sx_chip_work chip;
static sx_clean_work clean;
static float alone[VOICES][FRAMES];
static float together[VOICES][FRAMES];
static sx_part part;

/* The same voices for the same seed. */
static void start(uint64_t seed, const sx_rate *rate)
{
  for (uint32_t i = 0; i < VOICES; ++i) {
    uint8_t bytes[SX_VOICE_BYTES];
    random_bytes(&seed, bytes, sizeof bytes);
    memset(&program[i], 0, sizeof program[i]);
    sx_patch_compile(&program[i].patch, bytes);
    program[i].operators = (uint8_t)random_below(&seed, SX_ALL_OPERATORS + 1);
    sx_voice_reset(&voice[i], &program[i], rate);
    sx_lfo_note_on(&program[i].lfo, &program[i].patch.lfo);
    sx_voice_key_on(&voice[i], (uint8_t)random_below(&seed, 128), (uint8_t)(1 + random_below(&seed, 127)), &part,
                    SX_NO_PITCH, 0);
  }
}

static void tick(uint64_t frame, uint32_t frames_to_next, int even)
{
  for (uint32_t i = 0; i < VOICES; ++i) {
    sx_program_tick(&program[i], &part);
    if (even) {
      sx_voice_write_pitch(&voice[i], &part);
      sx_voice_advance_pitch_envelope(&voice[i]);
    }
    sx_program_write_pitch(&program[i], &part);
    sx_voice_write_frequencies(&voice[i], frame, frames_to_next);
  }
}

static void finish(uint32_t kernel, uint32_t index, float *out, uint32_t frames)
{
  const int32_t *units = kernel == SX_KERNEL_CHIP ? sx_chip_finish(&chip, index) : NULL;
  const float *samples = kernel == SX_KERNEL_CLEAN ? sx_clean_finish(&clean, index) : NULL;
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = units != NULL ? (float)units[i] : samples != NULL ? samples[i] : 0.0f;
  }
}

/* Those not at rest, up to `most` at a time. */
static void render_span(uint32_t kernel, uint32_t most, uint64_t frame, uint32_t frames, float out[VOICES][FRAMES])
{
  for (uint32_t next = 0; next < VOICES;) {
    sx_voice *some[VOICES];
    uint32_t number[VOICES];
    uint32_t count = 0;
    for (; next < VOICES && count < most; ++next) {
      memset(out[next] + frame, 0, frames * sizeof(float));
      if (!voice[next].resting) {
        number[count] = next;
        some[count++] = &voice[next];
      }
    }
    if (count == 0) {
      continue;
    }
    if (kernel == SX_KERNEL_CHIP) {
      sx_chip_begin(&chip, some, count, frame, frames);
    } else {
      sx_clean_begin(&clean, some, count, frame, frames);
    }
    for (uint32_t i = count; i-- > 0;) { /* any order will do */
      finish(kernel, i, out[number[i]] + frame, frames);
    }
  }
}

static void render(uint32_t kernel, uint64_t seed, uint32_t most, float out[VOICES][FRAMES])
{
  const sx_rate rate = sx_rate_of(kernel, 44100);
  const uint32_t block = kernel == SX_KERNEL_CHIP ? SX_BLOCK : SX_CLEAN_BLOCK;
  sx_clock clock = { 0, 0, 0, 0 };
  start(seed, &rate);
  for (uint32_t frame = 0; frame < FRAMES;) {
    if (frame == clock.frame) {
      const int even = clock.tick % 2 == 0;
      sx_clock_advance(&clock, &rate);
      tick(frame, (uint32_t)clock.frame - frame, even);
      clean.span.tick_frame = frame;
      clean.span.tick_frames = (uint32_t)clock.frame - frame;
    }
    for (uint32_t i = 0; frame == RELEASE && i < VOICES; ++i) {
      sx_voice_key_off(&voice[i], frame);
    }
    uint32_t span = (uint32_t)clock.frame - frame;
    span = span < block ? span : block;
    span = frame < RELEASE && RELEASE - frame < span ? RELEASE - frame : span;
    span = FRAMES - frame < span ? FRAMES - frame : span;
    render_span(kernel, most, frame, span, out);
    frame += span;
  }
}

static void gives_the_same_bits(uint32_t kernel, const uint32_t *counts)
{
  for (uint64_t seed = 1; seed < 4; ++seed) {
    render(kernel, seed, 1, alone);
    for (uint32_t i = 0; counts[i] > 0; ++i) {
      render(kernel, seed, counts[i], together);
      CHECK(memcmp(alone, together, sizeof alone) == 0);
    }
  }
}

int main(void)
{
  static const uint32_t chips[] = { 2, 3, 7, SX_CHIP_TOGETHER, 0 };
  static const uint32_t cleans[] = { 2, 16, 17, 33, SX_CLEAN_TOGETHER, 0 };
  sx_part_reset(&part);
  chip.outputs = sx_output_table();
  gives_the_same_bits(SX_KERNEL_CHIP, chips);
  gives_the_same_bits(SX_KERNEL_CLEAN, cleans);
  return 0;
}
