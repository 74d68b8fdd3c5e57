import { chunkSource } from '../../data/files/fileRange';
import { readJsonl } from '../../data/jsonl/jsonlReader';
import { cellsOf } from '../../rows/jsonlRows';
import type { ReadRows } from '../../rows/rowReader';
import { spansCell } from '../span';
import { readAnnotations } from './annotation';
import { placeAnnotations } from './placeAnnotations';

/**
 * Rows of JSON Lines: tokens and tags under the names that a CSV file has as columns, as texts or as lists, or
 * what an annotation tool exported. The latter has three cells: the text, nothing, and its spans.
 */
export const readTaggedJsonlRows: ReadRows = (file, charset, { columns }, sink) => {
  const { take, bad, onProgress, signal } = sink;
  return readJsonl(chunkSource(file), {
    charset,
    signal,
    onProgress,
    onBadRow: bad,
    onRow: (row, line) => {
      const annotated = readAnnotations(row);
      if (annotated === undefined) {
        const cells = cellsOf(row, columns);
        return typeof cells === 'string' ? bad(line, cells) : take(cells, () => line);
      }
      if (typeof annotated === 'string') return bad(line, annotated);
      const spans = placeAnnotations(annotated.text, annotated.annotations);
      if (typeof spans === 'string') return bad(line, spans);
      take([annotated.text, '', spansCell(spans)], () => line);
    },
  });
};
