import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { connectTemporal } from '../../src/temporal/client';
import { loadConfig } from '../../src/config';
import type { Parts } from '../support/parts';

/** Writes the history of a training's workflow beside this file, for `replay.test.ts`. */
export async function recordHistory(
  parts: Parts,
  workflowId: string,
  name: string,
): Promise<void> {
  const client = await connectTemporal(loadConfig(parts.env).temporal);
  try {
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    const path = join(__dirname, `${name}.json`);
    writeFileSync(path, `${JSON.stringify(JSON.parse(historyToJSON(history), withoutMachine), null, 1)}\n`);
  } finally {
    await client.connection.close();
  }
}

/** Where it was recorded is nobody's business, and no part of the replay. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  // A worker's own queue is named after its process and host.
  if (key === 'name' && typeof value === 'string' && value.includes('@')) return 'sticky';
  return key === 'identity' ? 'recorded' : value;
}
