import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { readCsv } from '../../src/data/csv/csvReader';
import { chunkSource } from '../../src/data/files/fileRange';

/**
 * Seconds to read a CSV file of 500,000 rows, with our reader and with csv-parse alone, in turn, three rounds:
 *
 *   node dist/bench/speed/readRows.js
 *
 * Every fifth row has quotes, every fiftieth a line break in them. Ours also looks for the charset, cells, and lost rows.
 */
const rows = 500_000;

function madeFile(path: string): void {
  const words = 'where is my parcel, the screen is broken and nobody answers'.split(' ');
  const lines = Array.from({ length: rows }, (_, i) => {
    const text = Array.from({ length: 25 }, (_, k) => words[(i * 7 + k * k) % 10]).join(' ');
    const more = i % 50 === 0 ? '\nsecond line' : '';
    const cell = `"${text.replaceAll('the', '""the""')}${more}"`;
    return `${i},${i % 5 === 0 ? cell : text.replaceAll(',', '')},label${i % 7}`;
  });
  writeFileSync(path, `id,text,label\n${lines.join('\n')}\n`);
}

async function ours(path: string): Promise<number> {
  let count = 0;
  await readCsv(chunkSource({ name: 'a.csv', path, offset: 0, bytes: statSync(path).size }), {
    columns: ['text', 'label'],
    onRow: () => count++,
    onBadRow: ({ reason }) => {
      throw new Error(reason);
    },
  });
  return count;
}

function csvParse(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = -1;
    const parser = parse({ on_record: () => (count++, null) });
    createReadStream(path)
      .pipe(parser)
      .on('error', reject)
      .on('end', () => resolve(count))
      .resume();
  });
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'));
  try {
    const path = join(folder, 'a.csv');
    madeFile(path);
    console.log(`${rows} rows, ${Math.round(statSync(path).size / 1e6)} MB`);
    for (let round = 1; round <= 3; round++) {
      for (const [name, read] of Object.entries({ ours, csvParse })) {
        const start = performance.now();
        const count = await read(path);
        const seconds = (performance.now() - start) / 1000;
        console.log(`${name}: ${count} rows in ${seconds.toFixed(2)} s`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
