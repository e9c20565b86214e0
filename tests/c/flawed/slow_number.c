/* SPDX-License-Identifier: Apache-2.0
 *
 * Does not include the header that marks it, and prints.
 */
#include <stdio.h>

int sx_slow_number(void);

int sx_slow_number(void)
{
  return puts("one");
}
