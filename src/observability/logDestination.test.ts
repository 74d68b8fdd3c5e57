import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { LogDestination, maxWaitingBytes } from './logDestination';

describe('LogDestination', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trainyard-log-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('survives a full disk, keeps a bounded part, and says what was dropped once there is room', async () => {
    // A device that answers every write with ENOSPC.
    const destination = new LogDestination(openSync('/dev/full', 'w'));
    const logger = pino({}, destination);
    const dropped: number[] = [];
    destination.onRecovery((count) => dropped.push(count));
    const lines = 5000;
    for (let line = 0; line < lines; line++) logger.info({ line, text: 'x'.repeat(1000) });

    const path = join(folder, 'log');
    destination.redirect(openSync(path, 'a'));
    while (dropped.length === 0) await delay(10);
    const kept = readFileSync(path, 'utf8');
    const numbers = kept.trim().split('\n').map(lineOf);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(kept.length).toBeLessThanOrEqual(maxWaitingBytes);
    expect(dropped).toEqual([lines - numbers.length]);
    logger.info('after');
    while (!readFileSync(path, 'utf8').includes('"after"')) await delay(10);
    expect(dropped).toHaveLength(1);
  });

  it('writes the last lines of a process that ends, and lets it end where it cannot', () => {
    const path = join(folder, 'log');
    const good = new LogDestination(openSync(path, 'a'));
    const full = new LogDestination(openSync('/dev/full', 'w'));
    const lines = Array.from({ length: 100 }, (_, line) => JSON.stringify({ line }) + '\n');
    for (const line of lines) for (const destination of [good, full]) destination.write(line);
    // The first line is on its way: the others wait for it.
    for (const destination of [good, full]) destination['writeLast']();
    const written = readFileSync(path, 'utf8').trim().split('\n').map(lineOf);
    expect(written).toEqual(expect.arrayContaining(lines.slice(1).map(lineOf)));
  });
});

function lineOf(line: string): number {
  return (JSON.parse(line) as { line: number }).line;
}
