import { EncoderFileError } from './encoderFileError';

/** What a field may hold. A missing (or null) field without a `fallback` is refused. */
interface NumberRule {
  least: number;
  most: number;
  fallback?: number;
}

/** The fields of a JSON object in an encoder's file; each is checked as it is read. */
export class JsonFields {
  private constructor(
    readonly file: string,
    /** Where in the file: empty, or `model.` */
    private readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  static parse(file: string, content: Uint8Array): JsonFields {
    return JsonFields.of(file, '', parseJson(file, content));
  }

  static of(file: string, path: string, value: unknown): JsonFields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return new JsonFields(file, path, value as Record<string, unknown>);
    }
    throw new EncoderFileError(
      file,
      `${path === '' ? 'the content' : `"${path.slice(0, -1)}"`} is ${shown(value)}; expected an object`,
    );
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /** The field as it is; `undefined` when it is missing or null. */
  value(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? (this.fields[name] ?? undefined) : undefined;
  }

  /** The same with other or more fields. */
  with(fields: Readonly<Record<string, unknown>>): JsonFields {
    return new JsonFields(this.file, this.path, { ...this.fields, ...fields });
  }

  names(): string[] {
    return Object.keys(this.fields);
  }

  wholeNumber(name: string, rule: NumberRule): number {
    const value = this.number(name, rule);
    return Number.isInteger(value) ? value : this.refuse(name, 'a whole number');
  }

  number(name: string, { least, most, fallback }: NumberRule): number {
    const value = this.value(name) ?? fallback;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return this.refuse(name, `a number from ${least} to ${most}`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false');
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' ? value : this.refuse(name, 'text');
  }

  oneOf<const T extends string>(name: string, words: readonly T[], fallback?: T): T {
    const value = this.value(name) ?? fallback;
    const word = words.find((candidate) => candidate === value);
    return word ?? this.refuse(name, words.map((w) => JSON.stringify(w)).join(', '));
  }

  object(name: string): JsonFields {
    return JsonFields.of(this.file, `${this.path}${name}.`, this.value(name));
  }

  objects(name: string): JsonFields[] {
    return this.list(name).map((value, i) =>
      JsonFields.of(this.file, `${this.path}${name}.${i}.`, value),
    );
  }

  list(name: string): readonly unknown[] {
    const value = this.value(name);
    return Array.isArray(value) ? value : this.refuse(name, 'a list');
  }

  /** Refuses a field: what it holds against what is expected. */
  refuse(name: string, expected: string): never {
    throw new EncoderFileError(
      this.file,
      `"${this.path}${name}" is ${shown(this.value(name))}; expected ${expected}`,
    );
  }
}

/** Reads UTF-8 JSON. */
export function parseJson(file: string, content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EncoderFileError(file, `is not JSON in UTF-8: ${reason.slice(0, 200)}`);
  }
}

/** A found value for a message: short, and never more than a glance. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
