import { shortened } from '../../support/words';
import type { Span } from '../span';
import type { Annotation } from './annotation';

/**
 * Annotations as spans of the text. Tools written in Python count characters, those in a browser UTF-16
 * units, in which an emoji is two: where the annotation repeats its text that decides, else characters.
 * @returns the reason when one is not within the text or is no part of it
 */
export function placeAnnotations(
  text: string,
  annotations: readonly Annotation[],
): Span[] | string {
  const unitAt = unitsOfCharacters(text);
  const spans: Span[] = [];
  for (const { start, end, tag, quote } of annotations) {
    const inCharacters = { start: unitAt(start), end: unitAt(end) };
    const places = [inCharacters, { start, end }].filter(
      (place): place is { start: number; end: number } =>
        isWithin(text, place.start, place.end) &&
        (quote === undefined || text.slice(place.start, place.end) === quote),
    );
    const place = places[0];
    if (!place) return reasonAgainst(text, { start, end, tag, quote });
    spans.push({ ...place, tag });
  }
  return spans;
}

function isWithin(text: string, start: number | undefined, end: number | undefined): boolean {
  return (
    start !== undefined && end !== undefined && start >= 0 && start < end && end <= text.length
  );
}

/** Where a character begins, in UTF-16 units; undefined beyond the end. */
function unitsOfCharacters(text: string): (character: number) => number | undefined {
  if (!/[\ud800-\udbff]/.test(text)) return (character) => character;
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    starts.push(at);
    at += character.length;
  }
  starts.push(at);
  return (character) => starts[character];
}

function reasonAgainst(
  text: string,
  { start, end, tag, quote }: Annotation & { quote: string | undefined },
): string {
  const span = `the span ${start} to ${end} (${JSON.stringify(shortened(tag, 40))})`;
  if (quote !== undefined && isWithin(text, start, end)) {
    const found = text.slice(start, end);
    return `${span} is ${JSON.stringify(shortened(found, 40))} in the text and ${JSON.stringify(shortened(quote, 40))} in the annotation`;
  }
  return `${span} is not within the text, which has ${Array.from(text).length} characters`;
}
