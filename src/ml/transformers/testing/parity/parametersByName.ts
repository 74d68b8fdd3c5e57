import type { Gradients, ParameterView } from '../../../nn/optimizer/parameters';
import { type ParameterLayout, unpackParameters } from '../../parameterLayout';

/** Gradients in full: rows of tables that are not among them are 0, none may be there twice. */
export function gradientsByName(
  layout: ParameterLayout,
  parameters: ParameterView,
  { dense, tables }: Gradients,
): Map<string, Float32Array> {
  const full = tables.map(({ rows, values }, t) => {
    const { rows: count, width } = parameters.tables[t]!;
    const table = new Float32Array(count * width);
    rows.forEach((row, i) => table.set(values.subarray(i * width, (i + 1) * width), row * width));
    return table;
  });
  return unpackParameters(layout, { dense, tables: full });
}

/** Parameters as they are now, tables in full. */
export function weightsByName(
  layout: ParameterLayout,
  { dense, tables }: ParameterView,
): Map<string, Float32Array> {
  const full = tables.map((table) => {
    const values = new Float32Array(table.rows * table.width);
    const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
    table.gather(rows, values);
    return values;
  });
  return unpackParameters(layout, { dense, tables: full });
}
