/**
 * What the platform costs beside the learning: `node dist/bench/overhead/run.js [part …]`.
 * Parts: `small` (POST to complete on 100 rows), `start` (POST beside a bare workflow start),
 * `status` (under two trainings, beside a bare SELECT), `many` (200 trainings at once), `list` (a page
 * of 100,000 models), `kills` (predictions while serving and PostgreSQL are killed),
 * `signins` (uploads and sign-ins while somebody guesses; TRAINYARD_TRUSTED_PROXIES=loopback).
 */
import { startPlatform, type Platform } from '../support/platform';
import { predictionsUnderKills } from './kills';
import { modelList } from './list';
import { manyTrainings } from './many';
import { signInFlood } from './signIns';
import { smallTraining } from './small';
import { startLatency } from './start';
import { statusLatency } from './status';

const parts: Record<string, (platform: Platform) => Promise<void>> = {
  small: smallTraining,
  start: startLatency,
  status: statusLatency,
  many: manyTrainings,
  list: modelList,
  kills: predictionsUnderKills,
  signins: signInFlood,
};

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : Object.keys(parts);
  const platform = await startPlatform();
  try {
    for (const name of names) {
      const part = parts[name];
      if (!part) throw new Error(`"${name}" is not among ${Object.keys(parts).join(', ')}`);
      await part(platform);
    }
  } finally {
    await platform.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
