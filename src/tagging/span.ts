/** Part of a text that has a tag. Offsets are UTF-16 units of the text, the end exclusive. */
export interface Span {
  start: number;
  end: number;
  tag: string;
}

/** In the order in which they stand in the text. */
export function inTextOrder(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end;
}

/** Spans as a cell of a dataset: `[[start, end, tag], …]`. */
export function spansCell(spans: readonly Span[]): string {
  return JSON.stringify(spans.map(({ start, end, tag }) => [start, end, tag]));
}

export function readSpansCell(cell: string): Span[] {
  const spans = JSON.parse(cell) as [number, number, string][];
  return spans.map(([start, end, tag]) => ({ start, end, tag }));
}
