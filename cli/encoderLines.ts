import type { Encoder } from '../src/database/models/encoders';

/** Encoders as a table for a terminal. */
export function encoderLines(encoders: readonly Encoder[]): string {
  if (encoders.length === 0) return 'there are no encoders: add one with `trainyard encoders add`';
  const rows = encoders.map((encoder) => [
    encoder.name,
    encoder.family,
    `${encoder.dims} dims`,
    `${encoder.max_length} of ${encoder.context_length} tokens`,
    `${(encoder.bytes / 1024 / 1024).toFixed(1)} MiB`,
    encoder.hash.slice(0, 12),
    encoder.licence ?? 'no licence stated',
    encoder.source,
  ]);
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
