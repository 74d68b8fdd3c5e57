import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '../../src/config';
import type { Setting } from '../../src/config/settings';
import { run } from '../../src/local-stack/run';
import { program } from '../support/shared';

jest.setTimeout(60_000);

const text = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');

/** The cells of every table row. */
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/operations.md', () => {
  it('lists every variable with its default and meaning, and no other', () => {
    const plain = (cell: string): string => cell.replaceAll('`', '').replaceAll('\\', '');
    const listed = rows
      .map((row) => row.slice(1, 4).map(plain))
      .filter(([name]) => /^[A-Z_0-9]+$/.test(name!));
    const all = Object.entries<Setting>(settings);
    expect(listed).toEqual(
      all.map(([name, { fallback = 'none', about, secret }]) => [
        name,
        fallback,
        secret ? `${about} Secret.` : about,
      ]),
    );
  });

  it('names only commands that exist', async () => {
    const named = new Set([...text.matchAll(/`trainyard ([a-z-]+)/g)].map(([, word]) => word!));
    const { output } = await run(process.execPath, [program, '--help'], { patienceMs: 30_000 });
    const commands = [...output.matchAll(/^ {2}([a-z-]+)/gm)].map(([, word]) => word!);
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((word) => !commands.includes(word))).toEqual([]);
  });
});
