import { join } from 'node:path';
import { PredictorThread } from '../threads/predictorThreadClient';

/** A predictor thread that runs from source, as tests do. */
export function sourceThread(onDeath: (thread: PredictorThread) => void): PredictorThread {
  return new PredictorThread(onDeath, {
    script: join(__dirname, '..', 'threads', 'predictorThread.ts'),
    execArgv: ['--require', join(__dirname, 'compileTypeScript.js')],
  });
}
