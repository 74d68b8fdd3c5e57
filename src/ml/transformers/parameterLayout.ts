import type { NamedSpan } from '../nn/optimizer/parameterGroups';
import type { ParameterSet } from '../nn/optimizer/parameters';
import type { EncoderConfig } from './encoderConfig';
import { embeddingNames, parameterShapes } from './parameterNames';

/** The layer on top of the pooled state: one logit per label. */
export const headNames = { weight: 'head.weight', bias: 'head.bias' } as const;

export interface ParameterPlace extends NamedSpan {
  shape: number[];
}

/** Where each parameter of an encoder with a head lies in the arrays that the optimizer works on. */
export interface ParameterLayout {
  /** What is not an embedding table, end to end, the head last. */
  spans: ParameterPlace[];
  /** Numbers in all spans. */
  length: number;
  /** Embedding tables: words, positions and, where there are any, types. Each row has `hidden` numbers. */
  tables: { name: string; rows: number }[];
}

export function parameterLayout(config: EncoderConfig, labels: number): ParameterLayout {
  const shapes = parameterShapes(config);
  const tables = [embeddingNames.words, embeddingNames.positions, embeddingNames.types]
    .filter((name) => shapes.has(name))
    .map((name) => ({ name, rows: shapes.get(name)![0]! }));
  for (const { name } of tables) shapes.delete(name);
  shapes.set(headNames.weight, [labels, config.hidden]).set(headNames.bias, [labels]);
  let offset = 0;
  const spans = [...shapes].map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const span = { name, shape, offset, length };
    offset += length;
    return span;
  });
  return { spans, length: offset, tables };
}

/** Parameters by name as the optimizer wants them. Dense ones are copied, tables are not. */
export function packParameters(
  { spans, length, tables }: ParameterLayout,
  { hidden }: EncoderConfig,
  weights: ReadonlyMap<string, Float32Array>,
): ParameterSet {
  const valuesOf = (name: string, wanted: number): Float32Array => {
    const values = weights.get(name);
    if (values?.length !== wanted)
      throw new Error(`parameter "${name}" has ${values?.length ?? 'no'} numbers, not ${wanted}`);
    return values;
  };
  const dense = new Float32Array(length);
  for (const span of spans) dense.set(valuesOf(span.name, span.length), span.offset);
  return {
    dense,
    tables: tables.map(({ name, rows }) => ({
      values: valuesOf(name, rows * hidden),
      width: hidden,
    })),
  };
}

/** The parameters by name, as views. */
export function unpackParameters(
  { spans, tables }: ParameterLayout,
  parameters: { dense: Float32Array; tables: readonly Float32Array[] },
): Map<string, Float32Array> {
  const { dense } = parameters;
  return new Map([
    ...spans.map(
      ({ name, offset, length }) => [name, dense.subarray(offset, offset + length)] as const,
    ),
    ...tables.map(({ name }, t) => [name, parameters.tables[t]!] as const),
  ]);
}
