/* SPDX-License-Identifier: Apache-2.0 */
#include "allocate.h"

#include "units.h"

/* ---- programs and voices ------------------------------------------------ */

void sx_program_release(sx_program *program)
{
  program->references -= 1;
}

static sx_program *free_program(sx_engine *engine)
{
  uint32_t i = 0;
  while (i < sx_program_count(engine) - 1 && engine->program[i].references > 0) {
    ++i;
  }
  engine->programs = i < engine->programs ? engine->programs : i + 1;
  return &engine->program[i];
}

static void assign(sx_voice *voice, sx_program *program)
{
  program->references += 1;
  sx_program_release(voice->program);
  voice->program = program;
  voice->tuned_to = NULL; /* the address may have belonged to another patch before */
}

/* Programs of the same patch of the same part: the part's own, and its members' copies. */
static int plays(const sx_voice *voice, const sx_program *program)
{
  return voice->program->load == program->load && voice->program->part == program->part;
}

/* The voice plays a copy of the program that nobody else plays, with the touch of this member from its first frame on. */
static void play_alone(sx_engine *engine, sx_voice *voice, const sx_program *program, uint8_t member)
{
  if (voice->program->references > 1) {
    sx_program *copy = free_program(engine);
    *copy = *program;
    copy->references = 0;
    assign(voice, copy);
  } else {
    *voice->program = *program;
    voice->program->references = 1;
    voice->tuned_to = NULL;
  }
  sx_program *own = voice->program;
  const sx_touch touch = engine->part[own->part].touch[member];
  own->pitch_word += touch.bend - own->touch.bend;
  own->touch = touch;
  own->member = member;
}

void sx_use_patch(sx_engine *engine, uint32_t part, const sx_patch *patch, uint8_t operators)
{
  sx_program *old = engine->playing[part];
  sx_program *program = free_program(engine);
  program->patch = *patch;
  program->lfo = old->lfo; /* runs on, at its new speed; a closed breath controller keeps closed */
  program->pitch_word = old->pitch_word;
  program->amplitude = old->amplitude;
  program->amplitude_before = old->amplitude_before;
  program->load = ++engine->loads;
  program->touch = (sx_touch){ 0, { 0 } };
  program->member = SX_NO_MEMBER;
  program->part = (uint8_t)part;
  program->operators = operators;
  program->references = 1;
  engine->playing[part] = program;
  for (uint32_t i = 0; i < sx_voice_count(engine); ++i) {
    sx_voice *voice = &engine->voice[i];
    if (voice->program == old && voice->resting) {
      assign(voice, program);
      sx_voice_silence(voice);
    }
  }
  sx_program_release(old);
}

/* ---- choosing a voice --------------------------------------------------- */

static sx_voice *in_turn(sx_engine *engine, uint32_t step)
{
  return &engine->voice[(engine->last_started + step) % engine->config.voices];
}

/* The DX7's way: the next voice whose key is up, be it sounding or not. */
static sx_voice *next_released(sx_engine *engine)
{
  for (uint32_t step = 1; step <= engine->config.voices; ++step) {
    sx_voice *voice = in_turn(engine, step);
    if (!voice->key_down) {
      return voice;
    }
  }
  return NULL;
}

static sx_voice *next_resting(sx_engine *engine)
{
  for (uint32_t step = 1; step <= engine->config.voices; ++step) {
    sx_voice *voice = in_turn(engine, step);
    if (voice->resting) {
      return voice;
    }
  }
  return NULL;
}

/* Of two voices, the one that will be missed less: fading, then released, then pedal-held, then the older held. */
static uint32_t rank(const sx_voice *voice)
{
  return voice->fade > 0 ? 3u : voice->key_down ? 0u : voice->sustained ? 1u : 2u;
}

static int gives_way_before(const sx_voice *a, const sx_voice *b)
{
  if (rank(a) != rank(b)) {
    return rank(a) > rank(b);
  }
  if (rank(a) == 0) {
    return a->started < b->started;
  }
  const uint32_t quietness_a = sx_voice_quietness(a);
  const uint32_t quietness_b = sx_voice_quietness(b);
  return quietness_a != quietness_b ? quietness_a > quietness_b : a->started < b->started;
}

/* Move what sounds to a spare voice, where it fades out, so that the voice can start anew. */
static void fade_in_spare(sx_engine *engine, sx_voice *voice)
{
  sx_voice *spare = &engine->voice[engine->config.voices + engine->next_spare];
  engine->next_spare = (engine->next_spare + 1) % SX_SPARES;
  engine->spares = SX_SPARES;
  assign(spare, voice->program);
  *spare = *voice;
  spare->key_down = 0;
  spare->sustained = 0;
  spare->fade = spare->fade ? spare->fade : engine->rate.fade;
  sx_voice_silence(voice);
}

static sx_voice *stolen(sx_engine *engine)
{
  sx_voice *victim = &engine->voice[0];
  for (uint32_t i = 1; i < engine->config.voices; ++i) {
    if (gives_way_before(&engine->voice[i], victim)) {
      victim = &engine->voice[i];
    }
  }
  fade_in_spare(engine, victim);
  sx_count(&engine->counters.notes_stolen, 1);
  return victim;
}

static sx_voice *choose(sx_engine *engine)
{
  if (!engine->config.steal) {
    return next_released(engine);
  }
  sx_voice *voice = next_resting(engine);
  return voice != NULL ? voice : stolen(engine);
}

/* ---- notes -------------------------------------------------------------- */

static int is_mono(const sx_part *part)
{
  return part->mono || part->legato;
}

static uint8_t softened(const sx_part *part, uint8_t velocity)
{
  return (uint8_t)(part->soft ? velocity - velocity / 3 : velocity);
}

static void fade_out(sx_voice *voice)
{
  if (!voice->resting && voice->fade == 0) {
    voice->fade = voice->rate->fade;
  }
  voice->key_down = 0;
  voice->sustained = 0;
}

/* Follow mode: all voices whose key is up glide to the new note. */
static void let_others_follow(sx_engine *engine, const sx_program *program, uint8_t note)
{
  const sx_part *part = &engine->part[program->part];
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    if (!voice->key_down && voice->started > 0 && voice->program->part == program->part) {
      sx_voice_follow_key(voice, note, part);
    }
  }
}

static int32_t glide_start(const sx_part *part)
{
  return part->portamento && part->portamento_time > 0 ? part->last_pitch : SX_NO_PITCH;
}

static void start_on(sx_engine *engine, sx_voice *voice, uint32_t part_number, sx_member_key key, uint8_t velocity,
                     int32_t glide_from)
{
  sx_part *part = &engine->part[part_number];
  sx_program *program = engine->playing[part_number];
  if (voice->fade > 0) { /* it has been silenced and must not come back */
    fade_in_spare(engine, voice);
  }
  if (!plays(voice, program)) { /* another patch's voice starts from silence */
    if (!voice->resting) {
      fade_in_spare(engine, voice);
    }
    assign(voice, program);
    sx_voice_silence(voice);
  }
  engine->last_started = (uint32_t)(voice - engine->voice);
  sx_lfo_note_on(&program->lfo, &program->patch.lfo);
  if (key.member != SX_NO_MEMBER) {
    play_alone(engine, voice, program, key.member);
  } else if (voice->program != program) {
    assign(voice, program);
  }
  if (part->portamento && part->portamento_mode && !is_mono(part)) {
    let_others_follow(engine, program, key.note);
  }
  voice->fade = 0;
  voice->started = ++engine->notes;
  sx_voice_key_on(voice, key.note, velocity, part, glide_from, engine->frame);
  part->last_pitch = voice->key_pitch;
  sx_count(&engine->counters.notes_on, 1);
}

static int holds_any_key(const sx_voice *voice, uint32_t part)
{
  return voice->key_down && voice->program->part == part;
}

static int holds(const sx_voice *voice, uint32_t part, sx_member_key key)
{
  return holds_any_key(voice, part) && voice->note == key.note && voice->program->member == key.member;
}

/* Its member's next note may come while it fades away, so it keeps its touch from here on. */
static void release(sx_engine *engine, uint32_t part, sx_voice *voice)
{
  voice->program->member = SX_NO_MEMBER;
  if (engine->part[part].sustain || voice->caught) {
    voice->key_down = 0;
    voice->sustained = 1;
  } else {
    sx_voice_key_off(voice, engine->frame);
  }
}

/* ---- mono --------------------------------------------------------------- */

static int is_same(sx_member_key a, sx_member_key b)
{
  return a.note == b.note && a.member == b.member;
}

static uint32_t position_of(const sx_part *part, sx_member_key key)
{
  uint32_t at = 0;
  while (at < part->keys && !is_same(part->key[at], key)) {
    ++at;
  }
  return at;
}

static void forget_key(sx_part *part, uint32_t at)
{
  for (part->keys -= 1; at < part->keys; ++at) {
    part->key[at] = part->key[at + 1];
  }
}

/* The first two keys set a direction; of the keys held, the one farthest that way sounds. */
static sx_member_key farthest_key(const sx_part *part)
{
  sx_member_key farthest = part->key[0];
  for (uint32_t i = 1; i < part->keys; ++i) {
    if (part->mono_up ? part->key[i].note > farthest.note : part->key[i].note < farthest.note) {
      farthest = part->key[i];
    }
  }
  return farthest;
}

/* The voice that plays the part's keys, unless something else has taken it. */
static sx_voice *mono_voice(sx_engine *engine, uint32_t part_number)
{
  const sx_part *part = &engine->part[part_number];
  if (part->mono_voice < 0) {
    return NULL;
  }
  sx_voice *voice = &engine->voice[part->mono_voice];
  return voice->program->part == part_number && voice->note == part->mono_key.note ? voice : NULL;
}

static void mono_sound(sx_engine *engine, sx_part *part, sx_voice *voice, sx_member_key key)
{
  part->mono_key = key;
  voice->caught = 0; /* another key was */
  if (voice->program->member != key.member) {
    play_alone(engine, voice, voice->program, key.member);
  }
  sx_voice_change_key(voice, key.note, part, part->portamento && part->portamento_time > 0);
  part->last_pitch = voice->key_pitch;
}

static void mono_note_on(sx_engine *engine, uint32_t part_number, sx_member_key key, uint8_t velocity)
{
  sx_part *part = &engine->part[part_number];
  if (part->keys == SX_MONO_KEYS || position_of(part, key) < part->keys) {
    return;
  }
  part->key[part->keys++] = key;
  sx_voice *voice = mono_voice(engine, part_number);
  if (part->keys > 1 && voice != NULL && voice->key_down) {
    if (part->keys == 2) {
      part->mono_up = key.note > part->key[0].note;
    }
    if (is_same(farthest_key(part), key)) {
      mono_sound(engine, part, voice, key);
    }
    return;
  }
  if (voice == NULL) {
    voice = choose(engine);
  }
  if (voice == NULL) {
    sx_count(&engine->counters.notes_dropped, 1);
    return;
  }
  /* Mode 0 is fingered: only legato glides. */
  start_on(engine, voice, part_number, key, velocity, part->portamento_mode ? glide_start(part) : SX_NO_PITCH);
  part->mono_voice = (int32_t)(voice - engine->voice);
  part->mono_key = key;
}

static void mono_note_off(sx_engine *engine, uint32_t part_number, sx_member_key key)
{
  sx_part *part = &engine->part[part_number];
  const uint32_t at = position_of(part, key);
  if (at == part->keys) {
    return;
  }
  forget_key(part, at);
  sx_voice *voice = mono_voice(engine, part_number);
  if (voice == NULL || !voice->key_down) {
    return;
  }
  if (part->keys == 0) {
    release(engine, part_number, voice);
  } else if (is_same(key, part->mono_key)) {
    mono_sound(engine, part, voice, farthest_key(part));
  }
}

/* ---- what a channel can ask for ----------------------------------------- */

void sx_note_on(sx_engine *engine, uint32_t part_number, sx_member_key key, uint8_t velocity)
{
  sx_part *part = &engine->part[part_number];
  if (sx_is_mute(part->tuning, key.note)) {
    return;
  }
  velocity = softened(part, velocity);
  if (is_mono(part)) {
    mono_note_on(engine, part_number, key, velocity);
    return;
  }
  sx_voice *voice = choose(engine);
  if (voice == NULL) {
    sx_count(&engine->counters.notes_dropped, 1);
    return;
  }
  int32_t glide_from = glide_start(part);
  if (glide_from != SX_NO_PITCH && part->portamento_mode && voice->started > 0 &&
      plays(voice, engine->playing[part_number])) {
    glide_from = voice->glide; /* follow: from wherever this voice has glided to */
  }
  start_on(engine, voice, part_number, key, velocity, glide_from);
}

void sx_note_off(sx_engine *engine, uint32_t part_number, sx_member_key key)
{
  sx_part *part = &engine->part[part_number];
  if (key.member == SX_NO_MEMBER) {
    sx_part_press_key(part, key.note, 0);
  }
  if (is_mono(part)) {
    mono_note_off(engine, part_number, key);
    return;
  }
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    if (holds(voice, part_number, key)) {
      release(engine, part_number, voice);
      return;
    }
  }
}

static int is_key_down(const sx_engine *engine, uint32_t part_number, uint8_t note)
{
  const sx_part *part = &engine->part[part_number];
  const sx_member_key key = { note, SX_NO_MEMBER };
  if (is_mono(part)) {
    return position_of(part, key) < part->keys;
  }
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    if (holds(&engine->voice[i], part_number, key)) {
      return 1;
    }
  }
  return 0;
}

void sx_press_key(sx_engine *engine, uint32_t part, uint8_t note, uint8_t pressure)
{
  if (is_key_down(engine, part, note)) {
    sx_part_press_key(&engine->part[part], note, pressure);
  }
}

/* ---- pedals ------------------------------------------------------------- */

/* Voices that no pedal holds any more. */
static void let_go(sx_engine *engine, uint32_t part)
{
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    if (voice->sustained && !voice->caught && voice->program->part == part) {
      sx_voice_key_off(voice, engine->frame);
    }
  }
}

void sx_sustain(sx_engine *engine, uint32_t part, uint32_t down)
{
  engine->part[part].sustain = (uint8_t)down;
  if (!down) {
    let_go(engine, part);
  }
}

void sx_sostenuto(sx_engine *engine, uint32_t part_number, uint32_t down)
{
  sx_part *part = &engine->part[part_number];
  if (part->sostenuto == down) {
    return;
  }
  part->sostenuto = (uint8_t)down;
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    if (voice->program->part == part_number) {
      voice->caught = (uint8_t)(down && voice->key_down);
    }
  }
  if (!part->sustain) {
    let_go(engine, part_number);
  }
}

static void forget_keys(sx_part *part)
{
  part->keys = 0;
  part->mono_voice = -1;
}

void sx_all_notes_off(sx_engine *engine, uint32_t part)
{
  forget_keys(&engine->part[part]);
  sx_part_press_no_key(&engine->part[part]);
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    if (holds_any_key(voice, part)) {
      release(engine, part, voice);
    }
  }
}

void sx_set_mono(sx_engine *engine, uint32_t part, uint32_t mono)
{
  if (engine->part[part].mono != mono) {
    sx_all_notes_off(engine, part);
    engine->part[part].mono = (uint8_t)mono;
  }
}

static const sx_voice *newest_held(const sx_engine *engine, uint32_t part)
{
  const sx_voice *newest = NULL;
  for (uint32_t i = 0; i < engine->config.voices; ++i) {
    const sx_voice *voice = &engine->voice[i];
    if (holds_any_key(voice, part) && (newest == NULL || voice->started > newest->started)) {
      newest = voice;
    }
  }
  return newest;
}

void sx_legato(sx_engine *engine, uint32_t part_number, uint32_t down)
{
  sx_part *part = &engine->part[part_number];
  if (part->legato == down) {
    return;
  }
  part->legato = (uint8_t)down;
  if (part->mono) {
    return;
  }
  forget_keys(part); /* poly: the mono voice ends with the key it sounds */
  const sx_voice *last = down ? newest_held(engine, part_number) : NULL;
  for (uint32_t i = 0; last != NULL && i < engine->config.voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    if (voice != last && holds_any_key(voice, part_number)) {
      release(engine, part_number, voice);
    }
  }
  if (last != NULL) {
    part->mono_key = (sx_member_key){ last->note, last->program->member };
    part->key[part->keys++] = part->mono_key;
    part->mono_voice = (int32_t)(last - engine->voice);
  }
}

void sx_retune(sx_engine *engine, uint32_t part_number, const sx_tuning *change, uint32_t sounding)
{
  sx_part *part = &engine->part[part_number];
  sx_tuning_change(&engine->tuning[part_number], change);
  part->tuning = &engine->tuning[part_number];
  for (uint32_t i = 0; sounding && i < sx_voice_count(engine); ++i) {
    sx_voice *voice = &engine->voice[i];
    if (!voice->resting && voice->program->part == part_number) {
      sx_voice_retune(voice, part);
    }
  }
}

void sx_all_sound_off(sx_engine *engine, uint32_t part)
{
  forget_keys(&engine->part[part]);
  sx_part_press_no_key(&engine->part[part]);
  for (uint32_t i = 0; i < sx_voice_count(engine); ++i) {
    sx_voice *voice = &engine->voice[i];
    if (voice->program->part == part) {
      fade_out(voice);
    }
  }
}
