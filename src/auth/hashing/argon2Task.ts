/** What the hashing thread is asked. */
export type Argon2Task =
  { kind: 'hash'; password: string } | { kind: 'verify'; hash: string; password: string };

/** What it answers: a hash or a verdict, or why there is none. */
export type Argon2Answer = { value: string | boolean } | { error: string };
