/**
 * Characters that an administrator's password has at least. Sign-up takes any, as it always has: its
 * clients must go on working.
 */
export const shortestPassword = 8;
