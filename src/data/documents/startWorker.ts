import type { Worker } from 'node:worker_threads';
import { startThread } from '../../support/startThread';

/**
 * Starts the thread that reads documents. It sees none of the process's environment. Its memory
 * limit covers objects; buffers are what `DocumentPool` watches.
 */
export function startDocumentWorker(memoryMb: number): Worker {
  return startThread(__dirname, 'documentWorker', {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
}
