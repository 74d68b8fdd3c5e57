import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocument } from '../../src/data/documents/documentReader';
import { messageOf } from '../../src/errors';

/**
 * Characters and words that our readers find in documents, beside pdftotext (PDF) and LibreOffice (DOCX, HTML),
 * as a Markdown table.
 *
 *   node dist/bench/documents/run.js [FOLDER]
 */
const folder =
  process.argv[2] ??
  join(process.env['TRAINYARD_DATASETS'] ?? '../shared/datasets', 'doc_fixtures');
const files = readdirSync(folder).filter((name) => /\.(pdf|docx|html)$/.test(name));
const scratch = mkdtempSync(join(tmpdir(), 'trainyard-documents-'));

/** Words and numbers; what else there is, such as bullets and leaders, is taste. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function charactersOf(text: string): number {
  return text.replace(/\s+/g, '').length;
}

/** Share of the words of one text that the other has too, each as often. */
function covered(words: readonly string[], by: readonly string[]): string {
  if (words.length === 0) return '';
  const left = new Map<string, number>();
  for (const word of by) left.set(word, (left.get(word) ?? 0) + 1);
  const found = words.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  });
  return `${((100 * found.length) / words.length).toFixed(1)} %`;
}

function reference(name: string): string {
  const path = join(folder, name);
  const utf8 = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  if (name.endsWith('.pdf')) return spawnSync('pdftotext', [path, '-'], utf8).stdout;
  const filter = name.endsWith('.html') ? ['--infilter=HTML (StarWriter)'] : [];
  const convert = ['--convert-to', 'txt:Text (encoded):UTF8', '--outdir', scratch, path];
  const home = `-env:UserInstallation=file://${scratch}/profile`;
  spawnSync('soffice', [home, '--headless', ...filter, ...convert], utf8);
  return readFileSync(join(scratch, name.replace(/\.\w+$/, '.txt')), 'utf8');
}

async function ours(name: string): Promise<{ text: string; remark: string }> {
  try {
    const { text, warnings } = await readDocument(name, readFileSync(join(folder, name)));
    return { text, remark: warnings.join('; ') };
  } catch (error) {
    return { text: '', remark: messageOf(error) };
  }
}

async function main(): Promise<void> {
  console.log(
    '| document | characters | reference | its words that we have | our words that it has | told |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const name of files) {
    const { text, remark } = await ours(name);
    const other = reference(name);
    const [mine, its] = [wordsOf(text), wordsOf(other)];
    const counts = [charactersOf(text), charactersOf(other)].map((n) => n.toLocaleString('en'));
    console.log(
      `| ${[name, ...counts, covered(its, mine), covered(mine, its), remark].join(' | ')} |`,
    );
  }
  rmSync(scratch, { recursive: true, force: true });
}

void main();
