/**
 * Environment variables for a process that trains with sessions that have no pool (`pool: false`).
 * The C library then keeps freed memory for the next run; to give it back to the system after each, as
 * it does otherwise, costs 20 % of a step on two threads. Only glibc knows them (mallopt(3)): elsewhere
 * they do nothing. A process reads them when it starts.
 */
export const memoryEnvironment = {
  MALLOC_MMAP_THRESHOLD_: String(4 * 2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(32 * 2 ** 30),
  MALLOC_TOP_PAD_: String(64 * 2 ** 20),
} as const;
