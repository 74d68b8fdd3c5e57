/** Characters that a password has at least, whichever way an account is made. */
export const shortestPassword = 8;
