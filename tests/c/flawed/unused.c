/* SPDX-License-Identifier: Apache-2.0
 *
 * Allocates, but nothing of the audio thread leads here.
 */
#include <stdlib.h>

void *sx_unused(void);

void *sx_unused(void)
{
  return malloc(1);
}
