import { endGroup, isRunning } from './processes';
import type { Progress } from '../progress';
import { readStack, removeStack } from '../stackFile';

/**
 * Ends what a start whose supervisor was killed has left running. Pid and start time together name a
 * process, so nobody else's is touched.
 */
export async function sweepOrphans(home: string, progress: Progress): Promise<void> {
  const record = readStack(home);
  if (record === undefined) return;
  const left = Object.entries(record.children).filter(
    ([, mark]) => mark !== undefined && isRunning(mark),
  );
  if (left.length > 0) {
    progress(`ending what the last start left: ${left.map(([name]) => name).join(', ')}`);
  }
  // Those that use the database and Temporal end before them.
  const servers = left.filter(([name]) => name === 'postgres' || name === 'temporal');
  const users = left.filter((entry) => !servers.includes(entry));
  for (const group of [users, servers]) {
    await Promise.all(
      group.map(([name, mark]) =>
        endGroup(mark!, name === 'postgres' ? 'SIGINT' : 'SIGTERM', 20_000),
      ),
    );
  }
  removeStack(home);
}
