import { setImmediate } from 'node:timers/promises';
import type { StageContext } from './stageContext';

/**
 * Lets the event loop turn between two pieces of work, so that messages arrive and leave.
 * @throws the signal's reason once the stage is to stop
 */
export async function nextTurn({ signal }: Pick<StageContext, 'signal'>): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
