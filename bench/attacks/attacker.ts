/** A process of attackers, started by `run.ts`: begins when it is told the target, ends when told to stop. */
import { setMaxListeners } from 'node:events';
import { setPriority } from 'node:os';
import { attacks } from './attacks';
import { Answers, type Target } from './target';

/** Attackers have machines of their own: here the platform goes first. */
const lowPriority = 10;

const ended = new AbortController();
setMaxListeners(0, ended.signal);
const answers = new Answers();
setPriority(lowPriority);

process.on('message', (message: Target | 'stop') => {
  if (message !== 'stop') {
    attacks[message.attack]!.attack(message, answers, ended.signal).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    });
    return;
  }
  const counts = { ...answers.counts };
  ended.abort();
  process.send!(counts, () => process.exit());
});
