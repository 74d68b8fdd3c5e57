/** A span as an annotation tool writes it: offsets in units that are to be found out. */
export interface Annotation {
  start: number;
  end: number;
  tag: string;
  /** The part of the text, where the tool repeats it. */
  quote?: string;
}

export interface AnnotatedText {
  text: string;
  annotations: Annotation[];
}

type Row = Record<string, unknown>;

/**
 * Finds the text and the spans of a row that an annotation tool exported; undefined when it has the shape
 * of none. A row that has it in part gives the reason.
 *
 * - Prodigy: `{"text": …, "spans": [{"start", "end", "label"}]}`
 * - Label Studio: `{"data": {"text": …}, "annotations": [{"result": [{"value": {"start", "end", "text", "labels": […]}}]}]}`,
 *   and its short form `{"text": …, "label": [{"start", "end", "text", "labels": […]}]}`
 * - doccano: `{"text": …, "label": [[start, end, tag]]}`
 */
export function readAnnotations(row: Row): AnnotatedText | string | undefined {
  if (isRow(row.data)) return fromTasks(row, row.data);
  const spans = [row.spans, row.label, row.labels, row.entities].find(Array.isArray) as
    unknown[] | undefined;
  if (!spans || !spans.every((span) => isRow(span) || Array.isArray(span))) return undefined;
  return typeof row.text === 'string' ? collect(row.text, spans) : noText('text');
}

/** A task of Label Studio. Of several annotations the first that was not cancelled counts. */
function fromTasks(row: Row, data: Row): AnnotatedText | string | undefined {
  const made = row.annotations ?? row.completions;
  if (!Array.isArray(made)) return undefined;
  const texts = Object.values(data).filter((value) => typeof value === 'string');
  const text = typeof data.text === 'string' ? data.text : texts[0];
  if (text === undefined) return noText('data.text');
  const chosen = made.find((one) => isRow(one) && one.was_cancelled !== true) as Row | undefined;
  const results = Array.isArray(chosen?.result) ? (chosen.result as unknown[]) : [];
  const values = results.flatMap((result) => (isRow(result) ? [result.value] : []));
  return collect(
    text,
    values.filter((value) => isRow(value) && 'start' in value),
  );
}

function collect(text: string, spans: readonly unknown[]): AnnotatedText | string {
  const annotations: Annotation[] = [];
  for (const span of spans) {
    const found = Array.isArray(span) ? fromList(span) : fromObject(span as Row);
    if (typeof found === 'string') return found;
    annotations.push(found);
  }
  return { text, annotations };
}

function fromList([start, end, tag]: unknown[]): Annotation | string {
  return checked({ start, end, tag });
}

function fromObject(span: Row): Annotation | string {
  const { start, end } = span;
  const names = [span.labels, span.label, span.tag, span.entity_type].find(
    (value) => value !== undefined,
  );
  const tag: unknown = Array.isArray(names) ? names[0] : names;
  const quote = typeof span.text === 'string' ? { quote: span.text } : {};
  return checked({ start, end, tag, ...quote });
}

function checked(span: {
  start: unknown;
  end: unknown;
  tag: unknown;
  quote?: string;
}): Annotation | string {
  const { start, end, tag } = span;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && typeof tag === 'string') {
    return span as Annotation;
  }
  return `a span must have start and end, two whole numbers, and a label, a text; it is ${shown(span)}`;
}

function shown(span: object): string {
  try {
    return JSON.stringify(span).slice(0, 80);
  } catch {
    return 'nested too deep to be shown';
  }
}

function noText(name: string): string {
  return `"${name}" must be a text, which its spans are parts of`;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
