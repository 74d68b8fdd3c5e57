import { z } from 'zod';

/**
 * Lays a JSON value under a schema as Go's decoder would, which v2 clients were written against:
 * object keys match in any case (the last one wins), unknown keys are dropped, and `null` is absence.
 * Values for which the schema has no fields (`z.unknown()`, free maps) are kept as they came.
 */
export function matchKeys(schema: z.ZodType, value: unknown): unknown {
  const inner = withoutWrappers(schema);
  if (inner instanceof z.ZodUnion && !Array.isArray(value)) {
    const shaped = (inner.options as z.ZodType[]).map(withoutWrappers).find(isObject);
    return shaped ? matchKeys(shaped, value) : value;
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => matchKeys(inner.element as z.ZodType, item));
  }
  if (isObject(inner) && isRecord(value)) return matchFields(inner, value);
  return value;
}

function matchFields(schema: z.ZodObject, value: Record<string, unknown>): object {
  const fields = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]));
  const matched: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const name = fields.get(key.toLowerCase());
    if (name === undefined || field === null) continue;
    matched[name] = matchKeys(schema.shape[name] as z.ZodType, field);
  }
  return matched;
}

/** The schema beneath defaults, optionals and preprocessing. */
function withoutWrappers(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) {
    const side = schema.in instanceof z.ZodTransform ? schema.out : schema.in;
    return withoutWrappers(side as z.ZodType);
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return withoutWrappers(schema.unwrap() as z.ZodType);
  }
  return schema;
}

function isObject(schema: z.ZodType): schema is z.ZodObject {
  return schema instanceof z.ZodObject;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
