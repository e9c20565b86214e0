/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the sources on the DX7 disagree, and what sixop takes. Only a
 * measurement on hardware can settle these; each stands here once, with its
 * candidates, so that settling it changes one line. The rule of rate scaling
 * is a function: sx_rate_scaling in units.c.
 */
#ifndef SIXOP_CHOICES_H
#define SIXOP_CHOICES_H

/* Feedback: the last two outputs, summed, go right by this minus the feedback
 * parameter. 9: waveforms captured from a DX7s, and owners' reports on algorithm
 * 32. 8 (twice as strong) is assumed by one chip model. Feedback 0 is a shift by 9 like any other and leaves
 * 0.05 rad; another emulator reads it as off. */
#define SX_FEEDBACK_SHIFT 9

/* Detune: 1/1024 octave (1.17 cents) a step at every pitch. One fitted DX7 showed
 * 2.1 cents a step at 55 Hz falling to 0.5 at 1760 Hz. */
#define SX_DETUNE_STEP 1

/* Two equal inaudible levels in a row delay for this many envelope steps (times measured
 * on TF1 and TX816 modules)... */
#define SX_DELAY_STEPS 479
/* ...but only for this many in stage 1 when the previous delay was cut short. */
#define SX_SHORT_DELAY_STEPS 15
/* A level register from here on (parameter below 20) is inaudible. Levels that are equal
 * but audible do not delay; one emulator delays them as well. */
#define SX_INAUDIBLE_LEVEL 40

#endif
