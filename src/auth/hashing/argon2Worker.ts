import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { messageOf } from '../../errors';
import type { Argon2Answer, Argon2Task } from './argon2Task';

/**
 * argon2id (the library's default variant) with more than the least that OWASP names (19 MiB, 2
 * passes): about 20 to 30 ms on a core.
 */
const cost = { memoryCost: 32 * 1024, timeCost: 3, parallelism: 1 };

parentPort!.on('message', (task: Argon2Task) => parentPort!.postMessage(answer(task)));

function answer(task: Argon2Task): Argon2Answer {
  try {
    return {
      value:
        task.kind === 'hash' ? hashSync(task.password, cost) : verifySync(task.hash, task.password),
    };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
