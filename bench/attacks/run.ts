/**
 * What somebody who asks for little waits for while somebody else does the worst that one caller can do:
 * `node dist/bench/attacks/run.js [--seconds 15] [attack …]`, attacks by their names in attacks.ts.
 * The platform is one of its own. Whoever attacks comes from other addresses of this machine (Linux),
 * from a process of its own. Prints a JSON line for each attack and kind of request, and a table.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startPlatform, type Platform } from '../support/platform';
import { emit } from '../support/statistics';
import { attacks } from './attacks';
import { Footprint } from './footprint';
import { preparePlatform, type Prepared } from './prepare';
import { measureSmallRequests, type Measured } from './smallRequests';
import { latencyTable } from './table';
import type { Target } from './target';

/** For an attack to get under way, and for its last work to be over. */
const settlingMs = 2000;

async function main(): Promise<void> {
  const options = { seconds: { type: 'string', default: '15' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(attacks);
  const unknown = names.filter((name) => !Object.hasOwn(attacks, name));
  if (unknown.length > 0) {
    throw new Error(`${unknown.join(', ')}: not among ${Object.keys(attacks).join(', ')}`);
  }
  // Requests are logged, as they are where somebody would attack.
  const platform = await startPlatform({ TRAINYARD_LOG_LEVEL: 'info' });
  try {
    const prepared = await preparePlatform(platform);
    const measured: { meanwhile: string; requests: Measured[] }[] = [];
    for (const name of names) {
      const requests = await measure(name, platform, prepared, Number(values.seconds));
      measured.push({ meanwhile: attacks[name]!.says, requests });
    }
    process.stdout.write(`${latencyTable(measured)}\n`);
  } finally {
    await platform.stop();
  }
}

async function measure(
  attack: string,
  { home }: Platform,
  { victim, target }: Prepared,
  seconds: number,
): Promise<Measured[]> {
  const footprint = new Footprint(home);
  const attacker = fork(join(__dirname, 'attacker.js'));
  attacker.send({ ...target, attack } satisfies Target);
  await pause(settlingMs);
  const requests = await measureSmallRequests(victim, seconds);
  const answered = once(attacker, 'message');
  attacker.send('stop');
  const [answers] = (await answered) as [Record<string, number>];
  for (const request of requests) emit({ bench: 'attacks', attack, ...request });
  emit({ bench: 'attacks', attack, answers, ...footprint.end() });
  await pause(settlingMs);
  return requests;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
