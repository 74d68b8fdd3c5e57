/**
 * PostgreSQL stores no NUL, and neither half of a surrogate pair. Text that comes from data, logs and
 * errors may hold both, and must not keep a row from being written: U+FFFD stands in for each.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** An escape in JSON; the third form keeps an escaped backslash and what follows it apart. */
const escapes = /\\(?:u0000|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g;

/** A value as JSON for a `jsonb` column, keys and texts made storable as by `storableText`. */
export function storableJson(value: unknown): string {
  // JSON.stringify writes a NUL and half a pair as escapes, and nothing else as these.
  return JSON.stringify(value).replace(escapes, (escape) =>
    escape.length === '\\u0000'.length ? '\uFFFD' : escape,
  );
}
