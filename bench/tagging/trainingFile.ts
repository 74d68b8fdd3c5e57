import type { TaggedRow } from './taggedRow';

/** A file to train with. */
export interface TrainingFile {
  name: string;
  content: string;
}

/** Lines of a word and its tag in BIO2, with an empty line after each text. */
export function conllFile(rows: readonly TaggedRow[]): TrainingFile {
  const content = rows.map((row) => `${conllLines(row).join('\n')}\n\n`).join('');
  return { name: 'train.conll', content };
}

function conllLines({ text, words, spans }: TaggedRow): string[] {
  const characters = Array.from(text);
  return words.map(([start, end]) => {
    const span = spans.find(([from, to]) => from <= start && end <= to);
    const label = span ? `${span[0] === start ? 'B' : 'I'}-${span[2]}` : 'O';
    return `${characters.slice(start, end).join('')}\t${label}`;
  });
}

/** Texts with their spans by characters, as annotation tools export them. */
export function annotationsFile(rows: readonly TaggedRow[]): TrainingFile {
  const lines = rows.map(({ text, spans }) => {
    const named = spans.map(([start, end, label]) => ({ start, end, label }));
    return `${JSON.stringify({ text, spans: named })}\n`;
  });
  return { name: 'train.jsonl', content: lines.join('') };
}
