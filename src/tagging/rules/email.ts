import type { Rule, Span } from './rule';

/** Scripts that put spaces between words: in others the text around an address touches it. */
const letters = '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\d';

/**
 * From an `@` to the left and to the right, one more than RFC 5321 allows to see what is too long. Neither side
 * goes past another `@`, so each character is read at most twice.
 */
const around = new RegExp(`@(?<=([${letters}._%+'-]{1,65})@)([${letters}.-]{1,256})`, 'gu');

const label = new RegExp(`^[${letters}](?:[${letters}-]{0,61}[${letters}])?$`, 'u');
const topLevel = /^(?:\p{L}{2,63}|xn--[a-z\d-]{1,59})$/u;

function* find(text: string): Generator<Span> {
  for (const match of text.matchAll(around)) {
    const local = localPart(match[1]!);
    const domain = domainName(match[2]!);
    const end = match.index + 1 + domain.length;
    if (local === '' || domain === '' || /[_@]/.test(text.charAt(end))) continue;
    yield { start: match.index - local.length, end };
  }
}

/** The end of what stands before the `@`, without the quotes, dots and dashes of the sentence. */
function localPart(found: string): string {
  if (found.length > 64 || found.endsWith('.')) return '';
  let start = found.lastIndexOf('..') + 1;
  while (start < found.length && ".%+'-".includes(found[start]!)) start += 1;
  return found.slice(start);
}

/** The start of what stands behind the `@`, without the full stop of the sentence; empty if it is no domain. */
function domainName(found: string): string {
  if (found.length > 255) return '';
  const dots = found.indexOf('..');
  let end = dots < 0 ? found.length : dots;
  while (end > 0 && '.-'.includes(found[end - 1]!)) end -= 1;
  const domain = found.slice(0, end);
  const labels = domain.split('.');
  const valid = labels.length > 1 && labels.every((part) => label.test(part));
  return valid && topLevel.test(labels.at(-1)!) ? domain : '';
}

export const email: Rule = {
  tag: 'EMAIL',
  base: 0.6,
  keywords: { 'e mail': 0.4, mail: 0.2, mailto: 0.3, contact: 0.1, from: 0.1, inbox: 0.1 },
  find,
};
