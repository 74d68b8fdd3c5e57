/** The callers of `fairness.ts` that ask for much: each sends its body again once it is answered. */
import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './benchServer';
import type { Load } from './fairness';

const busyPauseMs = 200;
const gone = new AbortController();
setMaxListeners(0, gone.signal);
let answered = 0;

async function caller(load: Load, token: string, agent: Agent): Promise<void> {
  while (!gone.signal.aborted) {
    try {
      await ask(load.url, token, agent, load.body, gone.signal);
      answered++;
    } catch (error) {
      // Refused as too much: it comes again, as clients do.
      if (!gone.signal.aborted) process.stderr.write(`${String(error)}\n`);
      await pause(busyPauseMs);
    }
  }
}

process.on('message', (message: Load | 'stop') => {
  if (message === 'stop') {
    gone.abort();
    process.send!(answered, () => process.exit());
    return;
  }
  const agent = new Agent({ keepAlive: true });
  for (const token of message.tokens) void caller(message, token, agent);
});
