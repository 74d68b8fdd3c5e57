import { readStack } from '../../src/local-stack/stackFile';
import { until } from '../support/poll';
import { allocationsBelow } from '../support/processes';
import type { Stack } from '../support/stack';

/** Whom a test kills: a process of the platform, or the child process in which a stage works. */
export const victims = ['worker', 'allocation', 'api', 'serving', 'postgres', 'temporal'] as const;
export type Victim = (typeof victims)[number];

/** `kill -9`, as a crash would, as soon as the victim is there. */
export async function strike(stack: Stack, victim: Victim): Promise<void> {
  const pid = await until(`${victim} runs`, () => pidOf(stack, victim));
  process.kill(pid, 'SIGKILL');
}

function pidOf(stack: Stack, victim: Victim): number | undefined {
  if (victim === 'allocation') return allocationsBelow(stack.home)[0]?.pid;
  return readStack(stack.home)?.children[victim]?.pid;
}
