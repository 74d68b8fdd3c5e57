import { drippingBodies } from './dripping';
import { longPaths, wrongSignIns } from './floods';
import { eventStreams, largePredictions, manyTrainings } from './heavyUse';
import { largeBodies } from './largeBodies';
import type { Attack } from './target';

const idle: Attack = () => Promise.resolve();

/** In the order in which they are measured: the last leaves work behind. */
export const attacks: Record<string, { says: string; attack: Attack }> = {
  nobody: { says: 'nobody else', attack: idle },
  'sign-ins': { says: '64 wrong sign-ins in flight, one address', attack: wrongSignIns(1) },
  'sign-ins-spread': {
    says: '64 wrong sign-ins in flight, 64 addresses',
    attack: wrongSignIns(64),
  },
  paths: { says: '32 connections, paths of 12 kB, no token', attack: longPaths },
  bodies: { says: '600,000 keys or 16 MiB of `[`, 4 at once', attack: largeBodies },
  dripping: { says: '200 dripping bodies on each of 3 routes', attack: drippingBodies(200) },
  'dripping-more': { says: '600 dripping bodies on each of 3 routes', attack: drippingBodies(600) },
  predictions: {
    says: 'explain of 10,000 texts, and 16 callers of 10,000 each',
    attack: largePredictions,
  },
  streams: {
    says: '100 event streams of one user, opened again and again',
    attack: eventStreams(100),
  },
  trainings: { says: '300 trainings of one user', attack: manyTrainings(300) },
};
