import type { JsonSchema } from './document';

/** The fields of an object schema; none for anything else. */
export function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

/** A schema in few words: `{model_id: uuid, errors: string[]}`, `read | write`. */
export function describeType(schema: JsonSchema, depth = 0): string {
  const { enum: words, const: word, format, type, default: fallback } = schema;
  const suffix = fallback === undefined || depth > 0 ? '' : ` = ${JSON.stringify(fallback)}`;
  if (Array.isArray(words)) return words.join(' | ') + suffix;
  if (word !== undefined) return JSON.stringify(word);
  const options = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (options) return options.map((option) => describeType(option, depth)).join(' | ') + suffix;
  if (type === 'array') {
    return `${describeType((schema['items'] ?? {}) as JsonSchema, depth + 1)}[]${suffix}`;
  }
  if (type === 'object') return describeObject(schema, depth) + suffix;
  return `${typeof format === 'string' ? format : typeof type === 'string' ? type : 'any'}${suffix}`;
}

function describeObject(schema: JsonSchema, depth: number): string {
  const fields = Object.entries(propertiesOf(schema));
  if (fields.length === 0) return schema['additionalProperties'] ? '{name: value}' : '{}';
  if (depth > 2) return '{…}';
  return `{${fields.map(([name, field]) => `${name}: ${describeType(field, depth + 1)}`).join(', ')}}`;
}
