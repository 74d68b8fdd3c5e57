import type { JsonSchema } from './document';

/** The fields of an object schema; none for anything else. */
export function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

/** The schema without the possibility of `null`, which says nothing that an optional field does not. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (Array.isArray(type)) return { ...schema, type: type.filter((name) => name !== 'null') };
  const options = schema['anyOf'] as JsonSchema[] | undefined;
  const real = options?.filter((option) => option['type'] !== 'null');
  return real?.length === 1 ? { ...schema, anyOf: undefined, ...real[0] } : schema;
}

/** A schema in few words: `{model_id: uuid, errors: string[]}`, `read | write`. */
export function describeType(schema: JsonSchema, depth = 0): string {
  const { enum: words, const: word, format, type, default: fallback } = schema;
  const suffix =
    fallback === undefined || fallback === '' || depth > 0 ? '' : ` = ${JSON.stringify(fallback)}`;
  if (Array.isArray(words)) return words.join(' | ') + suffix;
  if (word !== undefined) return JSON.stringify(word);
  const options = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (options) return options.map((option) => describeType(option, depth)).join(' | ') + suffix;
  if (type === 'array') {
    return `${describeType((schema['items'] ?? {}) as JsonSchema, depth + 1)}[]${suffix}`;
  }
  if (type === 'object') return describeObject(schema, depth) + suffix;
  return (typeof format === 'string' ? format : nameOf(type)) + suffix;
}

function nameOf(type: unknown): string {
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'any';
}

function describeObject(schema: JsonSchema, depth: number): string {
  const fields = Object.entries(propertiesOf(schema));
  if (fields.length === 0) return schema['additionalProperties'] ? '{name: value}' : '{}';
  if (depth > 2) return '{…}';
  return `{${fields.map(([name, field]) => `${name}: ${describeType(field, depth + 1)}`).join(', ')}}`;
}
