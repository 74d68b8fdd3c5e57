import { asUtf8 } from '../../data/charset/decode';
import { tooLong } from '../../data/csv/problems';
import type { RowCounts } from '../../data/csv/rowSorter';
import { checkedChunks } from '../../data/files/checkedChunks';
import { chunkSource } from '../../data/files/fileRange';
import { splitLines } from '../../data/jsonl/lineSplitter';
import type { ReadRows } from '../../rows/rowReader';
import { shortened } from '../../support/words';

/** Bytes of one line. */
const maxLineBytes = 1 << 20;

/**
 * Rows of a file in the format of the CoNLL shared tasks: a token a line, its tag in the last of the columns,
 * which stand between tabs or spaces; an empty line after each sentence. Lines `-DOCSTART-` and comments
 * (`# id = 7`) are no tokens. Each row is a sentence: its tokens and its tags, both as lists.
 */
export const readConllRows: ReadRows = async (file, charset, _, sink) => {
  const source = chunkSource(file);
  const { onProgress, signal } = sink;
  const chunks = checkedChunks(source, { format: 'CoNLL', onProgress, signal });
  const counts: RowCounts = { lines: 0, good: 0, bad: 0, blank: 0, other: 0 };
  let sentence = new Sentence();
  const finish = (): void => {
    const { first, tokens, tags, problem } = sentence;
    sentence = new Sentence();
    if (problem !== undefined) {
      counts.bad++;
      sink.bad(problem.line, problem.reason);
    } else if (tokens.length > 0) {
      counts.good++;
      sink.take([tokens, tags], () => first);
    }
  };
  for await (const { bytes, number, tooLong: isTooLong } of splitLines(
    asUtf8(chunks, charset),
    maxLineBytes,
  )) {
    counts.lines++;
    const line = bytes.toString('utf8').replace(/^\ufeff|\r$/g, '');
    if (isTooLong) sentence.refuse(number, tooLong(maxLineBytes));
    else if (line.trim() === '') {
      counts.blank++;
      finish();
    } else if (/^-DOCSTART-(\s|$)/.test(line)) {
      counts.other++;
      finish();
    } else if (sentence.isEmpty && /^#\s*\S+\s*=/.test(line)) counts.other++;
    else if (charset.damaged && line.includes('\ufffd')) {
      sentence.refuse(number, `bytes that are not ${charset.name}`);
    } else sentence.add(line, number);
  }
  finish();
  return { counts };
};

class Sentence {
  /** Line of the first token. */
  first = 0;
  readonly tokens: string[] = [];
  readonly tags: string[] = [];
  problem: { line: number; reason: string } | undefined;

  get isEmpty(): boolean {
    return this.tokens.length === 0 && this.problem === undefined;
  }

  add(line: string, number: number): void {
    const columns = line.includes('\t') ? line.trim().split(/\t+/) : line.trim().split(/ +/);
    if (columns.length < 2) {
      const reason = `a token and its tag must stand on a line, with a tab or a space between; there is only ${JSON.stringify(shortened(line.trim(), 40))}`;
      this.refuse(number, reason);
      return;
    }
    if (this.first === 0) this.first = number;
    this.tokens.push(columns[0]!);
    this.tags.push(columns.at(-1)!.trim());
  }

  /** The whole sentence: a token without its tag would move the tags of its neighbours. */
  refuse(line: number, reason: string): void {
    this.problem ??= { line, reason };
  }
}
