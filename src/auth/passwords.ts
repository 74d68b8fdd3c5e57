import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id (the library's default variant) with more than the least that OWASP names (19 MiB, 2
 * passes): about 20 to 30 ms on a core, in libuv's threads.
 */
const cost = { memoryCost: 32 * 1024, timeCost: 3, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}
