/* SPDX-License-Identifier: Apache-2.0
 *
 * The audio thread: takes events, runs ticks, renders voices, resamples.
 * Nothing in this file, or that it calls, blocks or allocates.
 */
#include <string.h>

#include "allocate.h"
#include "dac.h"
#include "engine.h"
#include "member.h"
#include "message.h"
#include "meters.h"
#include "mixer.h"
#include "output.h"
#include "tick.h"

#if defined(__SSE__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

#define FOREVER UINT64_MAX
#define UNDERFLOW_FLAG 4ul /* PortAudio's paOutputUnderflow */

/* ---- events ------------------------------------------------------------- */

/* The first frame of the kernel that is not before a device frame. */
static uint64_t kernel_frame(const sx_engine *engine, uint64_t frame)
{
  return engine->unresampled ? frame : sx_resampler_input_frame(&engine->resampler, frame);
}

/* The frame that a block begins with, as events count them. */
static uint64_t present(const sx_engine *engine)
{
  return engine->unresampled ? engine->frame : engine->device_frame;
}

static void enqueue(sx_engine *engine, sx_event *event)
{
  const uint64_t now = present(engine);
  if (event->frame >= 0 && (uint64_t)event->frame < now) {
    sx_count(&engine->counters.late_events, 1);
  }
  if (event->frame == SX_NOW) {
    sx_meters_take(engine, event);
  }
  if (event->frame < (int64_t)now) {
    event->frame = (int64_t)now;
  }
  event->order = ++engine->arrivals;
  sx_queue_push(&engine->queue, event);
}

/* A queue nearly full of events for later leaves further ones in their ring, so that there is room for live ones. */
static int has_room_for(const sx_engine *engine, const sx_event *event)
{
  const uint64_t now = present(engine);
  const uint32_t reserve = event->frame > (int64_t)now ? SX_QUEUE_RESERVE : 0;
  return engine->queue.count + reserve < SX_QUEUE_EVENTS;
}

static void collect_events(sx_engine *engine)
{
  for (uint32_t producer = 0; producer < SX_PRODUCERS; ++producer) {
    sx_event event;
    uint32_t taken = 0;
    while (sx_ring_peek(&engine->ring[producer], &event) && has_room_for(engine, &event)) {
      sx_ring_drop(&engine->ring[producer]);
      enqueue(engine, &event);
      taken += 1;
    }
    if (taken > 0 && producer == atomic_load_explicit(&engine->watched.producer, memory_order_relaxed)) {
      sx_arrivals_write(&engine->watched, present(engine), sx_ring_dropped(&engine->ring[producer]));
    }
  }
}

static void panic(sx_engine *engine)
{
  for (uint32_t part = 0; part < engine->config.parts; ++part) {
    sx_all_sound_off(engine, part);
    sx_part_reset_controllers(&engine->part[part]);
    sx_touch_no_member(engine, part);
    engine->part[part].sustain = 0;
    engine->part[part].sostenuto = 0;
    engine->part[part].legato = 0;
  }
}

static void set_function(sx_engine *engine, const sx_event *event)
{
  if (event->data[0] == SX_MONO) {
    sx_set_mono(engine, event->part, event->u.value > 0);
  } else {
    sx_part_set_function(&engine->part[event->part], event->data[0], event->u.value);
  }
}

static void play_member(sx_engine *engine, const sx_event *event)
{
  const sx_member_key key = { .note = event->data[1], .member = event->data[0] };
  if (event->data[2] > 0) {
    sx_note_on(engine, event->part, key, event->data[2]);
  } else {
    sx_note_off(engine, event->part, key);
  }
}

static void set_tuning(sx_engine *engine, const sx_event *event, const sx_tuning *change)
{
  const uint32_t parts = event->data[0] | (uint32_t)event->data[1] << 8;
  for (uint32_t part = 0; part < engine->config.parts; ++part) {
    if ((parts >> part) & 1) {
      sx_retune(engine, part, change, event->data[2]);
    }
  }
}

/* `enclosed`: the patch or the tuning that comes with it. */
static void apply(sx_engine *engine, const sx_event *event, const void *enclosed)
{
  sx_count(&engine->counters.events, 1);
  if (event->part >= engine->config.parts) {
    return;
  }
  switch (event->kind) {
  case SX_EVENT_MIDI: sx_message_apply(engine, event); break;
  case SX_EVENT_NOTE: play_member(engine, event); break;
  case SX_EVENT_TOUCH: sx_touch_member(engine, event->part, event->data[0], event->data[1], event->u.touch); break;
  case SX_EVENT_LOAD: sx_use_patch(engine, event->part, enclosed, event->data[0]); break;
  case SX_EVENT_OPERATORS: engine->playing[event->part]->operators = (uint8_t)event->u.value; break;
  case SX_EVENT_FUNCTION: set_function(engine, event); break;
  case SX_EVENT_VOLUME: engine->volume = event->u.gain; break;
  case SX_EVENT_PART_VOLUME: sx_set_level(engine, event->part, event->u.gain); break;
  case SX_EVENT_LIMITER: sx_limiter_switch(&engine->limiter, (uint64_t)event->frame, event->u.value > 0); break;
  case SX_EVENT_PAN: sx_set_place(engine, event->part, sx_pan_place(event->u.gain)); break;
  case SX_EVENT_TUNING: set_tuning(engine, event, enclosed); break;
  default: panic(engine); break;
  }
}

static void apply_live(sx_engine *engine)
{
  const sx_event event = sx_queue_pop(&engine->queue);
  if (event.kind == SX_EVENT_LOAD || event.kind == SX_EVENT_TUNING) {
    sx_letter *letter = &engine->letter[event.u.index];
    apply(engine, &event, &letter->u);
    atomic_store_explicit(&letter->claimed, 0, memory_order_release);
  } else {
    apply(engine, &event, NULL);
  }
}

static uint64_t next_in_score(const sx_engine *engine)
{
  const sx_score *score = engine->score;
  return score == NULL || score->next == score->count ? FOREVER : (uint64_t)score->events[score->next].frame;
}

static uint64_t next_live(const sx_engine *engine)
{
  return engine->queue.count == 0 ? FOREVER : (uint64_t)engine->queue.events[0].frame;
}

static void apply_scored(sx_engine *engine)
{
  sx_score *score = engine->score;
  const sx_event *event = &score->events[score->next++];
  switch (event->kind) {
  case SX_EVENT_LOAD: apply(engine, event, &score->patches[event->u.index]); break;
  case SX_EVENT_TUNING: apply(engine, event, &score->tunings[event->u.index]); break;
  default: apply(engine, event, NULL); break;
  }
}

/* Everything due at the present frame, in the order of device frames, of which several may meet in one of
 * the kernel's. Returns the kernel's frame of the next event. */
static uint64_t apply_events(sx_engine *engine)
{
  for (;;) {
    const uint64_t scored = next_in_score(engine);
    const uint64_t live = next_live(engine);
    const uint64_t next = scored <= live ? scored : live;
    const uint64_t frame = next == FOREVER ? FOREVER : kernel_frame(engine, next);
    if (frame > engine->frame) {
      return frame;
    }
    if (scored <= live) {
      apply_scored(engine);
    } else {
      apply_live(engine);
    }
  }
}

/* ---- voices ------------------------------------------------------------- */

/* Moves a part's volume. `unit` is a power of two. */
SX_CLONED static void apply_gain(float *restrict out, const float *restrict samples, const sx_ramp *gain, float unit,
                                 uint32_t since_tick, uint32_t frames)
{
  if (gain->step == 0.0f) {
    const float constant = unit * gain->start;
    for (uint32_t i = 0; i < frames; ++i) {
      out[i] += constant * samples[i];
    }
  } else {
    for (uint32_t i = 0; i < frames; ++i) {
      out[i] += sx_ramp_value(gain, since_tick + i) * (unit * samples[i]);
    }
  }
}

SX_CLONED static void to_floats(float *restrict out, const int32_t *restrict samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    out[i] = (float)samples[i];
  }
}

/* Where a span begins on the left and the right bus. */
typedef struct {
  float *side[SX_SIDES];
} place;

static void add_to_bus(sx_engine *engine, const place *at, const sx_voice *voice, const float *samples, float unit,
                       uint32_t frames)
{
  const sx_part *part = &engine->part[voice->program->part];
  const uint32_t since_tick = (uint32_t)(engine->frame - engine->tick_frame);
  if (engine->sides.apart) {
    for (uint32_t side = 0; side < SX_SIDES; ++side) {
      apply_gain(at->side[side], samples, &part->side[side], unit, since_tick, frames);
    }
  } else {
    apply_gain(at->side[SX_LEFT], samples, &part->gain, unit, since_tick, frames);
  }
}

static void add_chip_voice(sx_engine *engine, const place *at, const sx_voice *voice, const int32_t *samples,
                           uint32_t frames)
{
  float floats[SX_BLOCK];
  if (engine->config.output == SX_OUTPUT_DX7) {
    sx_dac_of_chip(floats, samples, frames);
  } else {
    to_floats(floats, samples, frames);
  }
  add_to_bus(engine, at, voice, floats, 1.0f, frames);
}

static void add_clean_voice(sx_engine *engine, const place *at, const sx_voice *voice, const float *samples,
                            uint32_t frames)
{
  float grained[SX_CLEAN_BLOCK];
  if (engine->config.output == SX_OUTPUT_DX7) {
    sx_dac_of_clean(grained, samples, frames);
    add_to_bus(engine, at, voice, grained, 1.0f, frames);
  } else {
    add_to_bus(engine, at, voice, samples, SX_CLEAN_UNIT, frames);
  }
}

SX_CLONED static void add_in_chip_units(int32_t *restrict bus, const int32_t *restrict samples, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    bus[i] += samples[i];
  }
}

/* Up to `most` sounding voices from number *next on. */
static uint32_t gather(sx_engine *engine, uint32_t *next, sx_voice **voices, uint32_t most)
{
  uint32_t count = 0;
  for (; *next < sx_busy_voice_count(engine) && count < most; ++*next) {
    if (!engine->voice[*next].resting) {
      voices[count++] = &engine->voice[*next];
    }
  }
  return count;
}

/* Adds all voices to the bus in chip units, if there is one, else to the sides. */
static void add_chip_voices(sx_engine *engine, const place *at, int32_t *chip_bus, uint32_t frames)
{
  sx_voice *voices[SX_CHIP_TOGETHER];
  uint32_t next = 0;
  uint32_t count;
  while ((count = gather(engine, &next, voices, SX_CHIP_TOGETHER)) > 0) {
    sx_chip_begin(&engine->chip, voices, count, engine->frame, frames);
    for (uint32_t i = 0; i < count; ++i) {
      const int32_t *samples = sx_chip_finish(&engine->chip, i);
      if (samples != NULL && chip_bus != NULL) {
        add_in_chip_units(chip_bus, samples, frames);
      } else if (samples != NULL) {
        add_chip_voice(engine, at, voices[i], samples, frames);
      }
    }
  }
}

static void add_clean_voices(sx_engine *engine, const place *at, uint32_t frames)
{
  sx_voice *voices[SX_CLEAN_TOGETHER];
  uint32_t next = 0;
  uint32_t count;
  engine->clean.span.tick_frame = engine->tick_frame;
  engine->clean.span.tick_frames = (uint32_t)(engine->clock.frame - engine->tick_frame);
  while ((count = gather(engine, &next, voices, SX_CLEAN_TOGETHER)) > 0) {
    sx_clean_begin(&engine->clean, voices, count, engine->frame, frames);
    for (uint32_t i = 0; i < count; ++i) {
      const float *samples = sx_clean_finish(&engine->clean, i);
      if (samples != NULL) {
        add_clean_voice(engine, at, voices[i], samples, frames);
      }
    }
  }
}

/* Device output only: chip units to floats, and the master volume. */
SX_CLONED static void apply_master(const sx_engine *engine, float *bus, uint32_t frames)
{
  const float unit = 1.0f / (float)SX_UNITY;
  const uint32_t since_tick = (uint32_t)(engine->frame - engine->tick_frame);
  for (uint32_t i = 0; i < frames; ++i) {
    bus[i] *= sx_ramp_value(&engine->master, since_tick + i) * unit;
  }
}

static uint32_t at_most(uint64_t frames, uint32_t limit)
{
  return frames < limit ? (uint32_t)frames : limit;
}

static uint32_t next_span(const sx_engine *engine, uint64_t next_event, uint32_t frames)
{
  uint32_t span = at_most(frames, engine->rate.kernel == SX_KERNEL_CHIP ? SX_BLOCK : SX_CLEAN_BLOCK);
  span = at_most(engine->clock.frame - engine->frame, span);
  return at_most(next_event - engine->frame, span);
}

/* Everything that is due at the present frame. Returns the frame of the next event. */
static uint64_t keep_time(sx_engine *engine)
{
  /* A tick comes before the events of its frame, but for frame 0 (order of the reference model). */
  if (engine->frame > 0 && engine->frame == engine->clock.frame) {
    sx_tick(engine);
  }
  const uint64_t next_event = apply_events(engine);
  if (engine->frame == 0 && engine->clock.tick == 0) {
    sx_tick(engine);
  }
  return next_event;
}

static void add_voices(sx_engine *engine, const place *at, uint32_t frames)
{
  if (engine->rate.kernel == SX_KERNEL_CHIP) {
    add_chip_voices(engine, at, NULL, frames);
  } else {
    add_clean_voices(engine, at, frames);
  }
  apply_master(engine, at->side[SX_LEFT], frames);
  if (engine->sides.apart) {
    apply_master(engine, at->side[SX_RIGHT], frames);
  }
}

/* Renders frames of the kernel's rate into both buses, in spans without an event or tick inside. Of the right one only
 * what the sides' being apart asks for. */
static void run(sx_engine *engine, float *const *bus, uint32_t frames)
{
  memset(bus[SX_LEFT], 0, frames * sizeof **bus);
  if (engine->sides.apart) {
    memset(bus[SX_RIGHT], 0, frames * sizeof **bus);
  }
  for (uint32_t done = 0; done < frames;) {
    const uint32_t span = next_span(engine, keep_time(engine), frames - done);
    sx_sides_part(engine, bus, done, frames);
    const place at = { { bus[SX_LEFT] + done, bus[SX_RIGHT] + done } };
    add_voices(engine, &at, span);
    sx_sides_advance(engine, span);
    engine->frame += span;
    done += span;
  }
}

/* The same in chip units, without sides or volume. */
static void run_chip(sx_engine *engine, int32_t *bus, uint32_t frames)
{
  while (frames > 0) {
    const uint32_t span = next_span(engine, keep_time(engine), frames);
    add_chip_voices(engine, NULL, bus, span);
    engine->frame += span;
    bus += span;
    frames -= span;
  }
}

/* ---- blocks ------------------------------------------------------------- */

static void add_key(uint64_t *keys, uint32_t note)
{
  keys[note / 64] |= UINT64_C(1) << (note % 64);
}

static void show_keys(sx_engine *engine, const sx_keys *keys)
{
  for (uint32_t i = 0; i < SX_KEY_WORDS; ++i) {
    atomic_store_explicit(&engine->counters.held[i], keys->held[i], memory_order_relaxed);
    atomic_store_explicit(&engine->counters.sustained[i], keys->sustained[i], memory_order_relaxed);
    atomic_store_explicit(&engine->counters.released[i], keys->released[i], memory_order_relaxed);
  }
}

/* Says what sounds and which keys that is, and finds whether any spare voice still fades. */
static void show_voices(sx_engine *engine)
{
  sx_keys keys = { { 0 }, { 0 }, { 0 } };
  uint32_t sounding = 0;
  uint32_t held = 0;
  uint32_t fading = 0;
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    const sx_voice *voice = &engine->voice[i];
    sounding += !voice->resting;
    held += voice->key_down || voice->sustained;
    if (voice->key_down) {
      add_key(keys.held, voice->note);
    } else if (voice->sustained) {
      add_key(keys.sustained, voice->note);
    } else if (!voice->resting) {
      add_key(keys.released, voice->note);
    }
  }
  for (uint32_t i = 0; i < engine->spares; ++i) {
    fading += !engine->voice[engine->config.voices + i].resting;
  }
  engine->spares = fading > 0 ? SX_SPARES : 0;
  atomic_store_explicit(&engine->counters.voices_sounding, sounding + fading, memory_order_relaxed);
  atomic_store_explicit(&engine->counters.keys_held, held, memory_order_relaxed);
  atomic_store_explicit(&engine->counters.native_frames, engine->frame, memory_order_relaxed);
  atomic_store_explicit(&engine->counters.frames, engine->device_frame, memory_order_relaxed);
  show_keys(engine, &keys);
}

#define OUTPUT_BLOCK 1024

/* Makes up to OUTPUT_BLOCK device frames, the right side only if it differs; returns how many. */
static uint32_t make_sides(sx_engine *engine, float *left, float *right, uint32_t wanted)
{
  uint32_t frames = wanted < OUTPUT_BLOCK ? wanted : OUTPUT_BLOCK;
  if (engine->unresampled) {
    float *const bus[SX_SIDES] = { left, right };
    run(engine, bus, frames);
    return frames;
  }
  uint32_t kernel_frames;
  frames = sx_resampler_plan(&engine->resampler, frames, &kernel_frames);
  float *const bus[SX_SIDES] = { sx_resampler_input(&engine->resampler), sx_resampler_input(&engine->sides.right) };
  run(engine, bus, kernel_frames);
  sx_resampler_run(&engine->resampler, left, frames, kernel_frames);
  if (engine->sides.apart) {
    sx_resampler_run(&engine->sides.right, right, frames, kernel_frames);
  }
  return frames;
}

/* Returns how the processor was set, for `heed_denormals`: whoever calls us may want them. */
static uint32_t ignore_denormals(void)
{
#if defined(__SSE__) || defined(_M_X64)
  const uint32_t before = _mm_getcsr();
  _mm_setcsr(before | 0x8040u); /* flush to zero, denormals are zero */
  return before;
#else
  return 0;
#endif
}

static void heed_denormals(uint32_t before)
{
#if defined(__SSE__) || defined(_M_X64)
  _mm_setcsr(before);
#else
  (void)before;
#endif
}

void sx_render(sx_engine *engine, float *out, uint32_t frames, uint32_t channels)
{
  float left[OUTPUT_BLOCK];
  float other[OUTPUT_BLOCK];
  engine->is_mono = channels == 1 || engine->config.mono;
  collect_events(engine);
  while (frames > 0) {
    const uint32_t made = make_sides(engine, left, other, frames);
    float *right = engine->sides.apart ? other : left;
    sx_sides_join(engine);
    sx_finish_output(engine, left, right, made);
    sx_spread(out, left, right, made, channels);
    out += (size_t)made * channels;
    engine->device_frame += made;
    frames -= made;
  }
  show_voices(engine);
}

void sx_render_native(sx_engine *engine, int32_t *out, uint32_t frames)
{
  memset(out, 0, frames * sizeof *out);
  if (engine->rate.kernel != SX_KERNEL_CHIP) {
    return;
  }
  engine->unresampled = 1;
  collect_events(engine);
  run_chip(engine, out, frames);
  show_voices(engine);
}

int sx_portaudio_callback(const void *input, void *output, unsigned long frames, const void *time_info,
                          unsigned long flags, void *user_data)
{
  (void)input;
  sx_engine *engine = user_data;
  const uint32_t before = ignore_denormals();
  sx_meters_begin(engine, time_info);
  sx_count(&engine->counters.blocks, 1);
  sx_count(&engine->counters.underflows, (flags & UNDERFLOW_FLAG) != 0);
  sx_render(engine, output, (uint32_t)frames, engine->channels);
  sx_meters_end(engine, (uint32_t)frames);
  heed_denormals(before);
  return 0; /* paContinue */
}
