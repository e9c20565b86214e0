/* SPDX-License-Identifier: Apache-2.0
 *
 * The size of a block is nobody's business: the same timed events give the same
 * samples whether rendered at once, in odd pieces, or from a score.
 */
#include <string.h>

#include "sixop.h"
#include "test.h"

#define FRAMES 24000u
#define EVENTS 200u

typedef struct {
  int64_t frame;
  enum { MESSAGE, VOICE, PART_VOLUME, PAN } kind;
  uint8_t message[3];
  uint8_t voice[SX_VOICE_BYTES];
  float amount; /* -1..1 */
} happening;

static happening story[EVENTS];

/* Notes on two channels, wheels, pedals and new voices, in order of time. */
static void make_story(uint64_t seed)
{
  static const uint8_t controllers[] = { 1, 2, 4, 7, 10, 11, 64, 65 };
  int64_t frame = 0;
  for (uint32_t i = 0; i < EVENTS; ++i) {
    happening *h = &story[i];
    frame += random_below(&seed, 2 * FRAMES / EVENTS);
    h->frame = frame;
    const uint32_t sort = random_below(&seed, 20);
    h->kind = sort < 2 ? VOICE : sort == 2 ? PART_VOLUME : sort == 3 ? PAN : MESSAGE;
    h->amount = (float)random_below(&seed, 201) / 100.0f - 1.0f;
    random_bytes(&seed, h->voice, SX_VOICE_BYTES);
    const uint8_t channel = (uint8_t)random_below(&seed, 2);
    const uint32_t kind = random_below(&seed, 10);
    h->message[1] = (uint8_t)(36 + random_below(&seed, 60));
    h->message[2] = (uint8_t)random_below(&seed, 128);
    h->message[0] = (uint8_t)((kind < 5 ? 0x90 : kind < 7 ? 0x80 : kind < 9 ? 0xB0 : 0xE0) | channel);
    if ((h->message[0] & 0xF0) == 0xB0) {
      h->message[1] = controllers[random_below(&seed, sizeof controllers)];
    }
  }
}

static sx_engine *new_engine(uint32_t kernel, uint32_t rate, uint32_t output)
{
  sx_config config = sx_config_default();
  config.kernel = kernel;
  config.sample_rate = rate;
  config.output = output;
  config.voices = 8;
  config.clamp = 1;
  config.volume = 4.0f;
  sx_status status;
  sx_engine *engine = sx_new(&config, &status);
  CHECK(engine != NULL);
  return engine;
}

static void send_live(sx_engine *engine)
{
  for (uint32_t i = 0; i < EVENTS; ++i) {
    const happening *h = &story[i];
    const uint32_t part = h->message[0] & 1;
    switch (h->kind) {
    case VOICE: CHECK(sx_load(engine, 0, h->frame, part, h->voice, SX_ALL_OPERATORS) == SX_OK); break;
    case PART_VOLUME: CHECK(sx_set_part_volume(engine, 0, h->frame, part, 1.0f + h->amount) == SX_OK); break;
    case PAN: CHECK(sx_set_pan(engine, 0, h->frame, part, h->amount) == SX_OK); break;
    default: CHECK(sx_midi(engine, 0, h->frame, h->message, 3) == SX_OK); break;
    }
  }
}

static void send_as_score(sx_engine *engine)
{
  sx_score *score = sx_score_new();
  CHECK(score != NULL);
  for (uint32_t i = 0; i < EVENTS; ++i) {
    const happening *h = &story[i];
    const uint32_t part = h->message[0] & 1;
    switch (h->kind) {
    case VOICE: CHECK(sx_score_load(score, h->frame, part, h->voice, SX_ALL_OPERATORS) == SX_OK); break;
    case PART_VOLUME: CHECK(sx_score_part_volume(score, h->frame, part, 1.0f + h->amount) == SX_OK); break;
    case PAN: CHECK(sx_score_pan(score, h->frame, part, h->amount) == SX_OK); break;
    default: CHECK(sx_score_midi(score, h->frame, h->message, 3) == SX_OK); break;
    }
  }
  CHECK(sx_play(engine, score) == SX_OK);
}

/* A score has no such events, because they are the listener's. */
static void switch_limiter(sx_engine *engine)
{
  for (uint32_t i = 0; i < EVENTS; i += 10) {
    CHECK(sx_set_limiter(engine, 1, story[i].frame, story[i].amount > 0) == SX_OK);
  }
}

static void in_pieces(sx_engine *engine, float *out, uint32_t largest, uint64_t seed)
{
  uint32_t done = 0;
  while (done < FRAMES) {
    uint32_t piece = 1 + random_below(&seed, largest);
    piece = piece < FRAMES - done ? piece : FRAMES - done;
    sx_render(engine, out + 2 * done, piece, 2);
    done += piece;
  }
}

static float whole[2 * FRAMES], pieces[2 * FRAMES];
static int32_t native_whole[FRAMES], native_pieces[FRAMES];

static void device_rate(uint32_t kernel, uint32_t rate, uint32_t output)
{
  static const uint32_t largest[] = { 1, 7, 64, 257, 5000 };
  sx_engine *engine = new_engine(kernel, rate, output);
  send_live(engine);
  switch_limiter(engine);
  sx_render(engine, whole, FRAMES, 2);
  sx_free(engine);

  int sounds = 0;
  int is_wide = 0;
  for (uint32_t i = 0; i < FRAMES; ++i) {
    sounds |= whole[2 * i] != 0.0f;
    is_wide |= whole[2 * i] != whole[2 * i + 1];
  }
  CHECK(sounds && is_wide);

  for (uint32_t i = 0; i < sizeof largest / sizeof *largest; ++i) {
    engine = new_engine(kernel, rate, output);
    if (i % 2 == 0) {
      send_live(engine);
    } else {
      send_as_score(engine);
    }
    switch_limiter(engine);
    in_pieces(engine, pieces, largest[i], 1 + i);
    CHECK(memcmp(whole, pieces, sizeof whole) == 0);
    sx_free(engine);
  }
}

static void native_rate(void)
{
  sx_engine *engine = new_engine(SX_KERNEL_CHIP, 48000, SX_OUTPUT_CLEAN);
  send_live(engine);
  sx_render_native(engine, native_whole, FRAMES);
  sx_free(engine);
  engine = new_engine(SX_KERNEL_CHIP, 48000, SX_OUTPUT_CLEAN);
  send_live(engine);
  uint64_t seed = 99;
  for (uint32_t done = 0; done < FRAMES;) {
    uint32_t piece = 1 + random_below(&seed, 300);
    piece = piece < FRAMES - done ? piece : FRAMES - done;
    sx_render_native(engine, native_pieces + done, piece);
    done += piece;
  }
  CHECK(memcmp(native_whole, native_pieces, sizeof native_whole) == 0);
  sx_free(engine);
}

int main(void)
{
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    make_story(seed);
    for (uint32_t kernel = SX_KERNEL_CHIP; kernel <= SX_KERNEL_CLEAN; ++kernel) {
      device_rate(kernel, 48000, SX_OUTPUT_CLEAN);
      device_rate(kernel, 44100, SX_OUTPUT_DX7);
      device_rate(kernel, 96000, SX_OUTPUT_CLEAN);
    }
    native_rate();
  }
  for (uint32_t kernel = SX_KERNEL_CHIP; kernel <= SX_KERNEL_CLEAN; ++kernel) {
    device_rate(kernel, SX_MIN_RATE, SX_OUTPUT_CLEAN);
    device_rate(kernel, SX_MAX_RATE, SX_OUTPUT_CLEAN);
  }
  return 0;
}
