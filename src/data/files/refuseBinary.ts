import { TrainyardError } from '../../errors';

const signatures: [string, string][] = [
  ['PK\x03\x04', 'a zip archive or an Excel workbook'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook'],
  ['\x1f\x8b', 'a gzip archive'],
  ['%PDF-', 'a PDF'],
  ['PAR1', 'a Parquet file'],
];

const codes = { CSV: 'not_csv', 'JSON Lines': 'not_jsonl', CoNLL: 'not_conll' } as const;
export type TextFormat = keyof typeof codes;

/** Refuses well-known binary files that were given the name of a text format. */
export function refuseBinary(file: string, start: Buffer, format: TextFormat): void {
  const head = start.toString('latin1', 0, 8);
  const found = signatures.find(([signature]) => head.startsWith(signature));
  if (!found) return;
  throw new TrainyardError(
    'data',
    codes[format],
    `${file} is not a ${format} file but ${found[1]}. Save it as ${format} (UTF-8) and upload that.`,
  );
}
