import { readStack } from '../../src/local-stack/stackFile';
import { findProcesses } from '../support/processes';
import type { Stack } from '../support/stack';

/** Whom a test kills: a process of the platform, or the child process in which a stage works. */
export const victims = ['worker', 'allocation', 'api', 'serving', 'postgres', 'temporal'] as const;
export type Victim = (typeof victims)[number];

/** `kill -9`, as a crash would. */
export function strike(stack: Stack, victim: Victim): void {
  process.kill(pidOf(stack, victim), 'SIGKILL');
}

export function pidOf(stack: Stack, victim: Victim): number {
  if (victim === 'allocation') {
    const found = allocationsOf(stack)[0];
    if (!found) throw new Error('no stage is at work');
    return found.pid;
  }
  const child = readStack(stack.home)?.children[victim];
  if (!child) throw new Error(`${victim} does not run`);
  return child.pid;
}

/** The child processes of stages: their command line names folders of this stack's home. */
export function allocationsOf(stack: Stack) {
  return findProcesses(`PWD=${stack.home}/work`).filter(({ command }) =>
    command.includes('allocation/child.js'),
  );
}
