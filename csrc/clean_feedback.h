/* SPDX-License-Identifier: Apache-2.0
 *
 * The feedback paths of the `clean` kernel. Each waits for its own last two
 * outputs, frame by frame, so those of many voices go side by side, a voice in
 * each lane.
 */
#ifndef SIXOP_CLEAN_FEEDBACK_H
#define SIXOP_CLEAN_FEEDBACK_H

#include <stdint.h>

#include "attributes.h"
#include "clean.h"

#define SX_CLEAN_NO_PATH 255 /* of a voice whose path is silent */

/* The paths of the work's voices, into its rows. */
void sx_clean_run_feedback(sx_clean_work *work, uint32_t count) SX_REALTIME;

#endif
