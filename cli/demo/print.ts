export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** 1,234,567 bytes as `1.2 MB`. */
export function bytes(count: number): string {
  return count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** Rows in columns, the first row being the heads. */
export function table(rows: readonly string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    say(`  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd());
  }
}
