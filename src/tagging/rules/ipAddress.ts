import { isIPv4, isIPv6 } from 'node:net';
import { scan, wholeIf } from './patterns';
import type { Rule, Span } from './rule';

const dottedQuads = /(?<![\p{L}\p{N}_.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}_]|\.\d)/gu;

/** From the first colon of an address, which has at most 45 characters, to the left and to the right. */
const aroundColon = /:(?<=([\da-f]{0,5}):)([\da-f:.]{1,45})/gu;

function* versionSix(text: string): Generator<Span> {
  for (const match of text.matchAll(aroundColon)) {
    const first = match.index - match[1]!.length;
    const last = match.index + match[0].length;
    const before = text.charAt(first - 1);
    // The middle of a longer run, or the start of a word.
    if (/[:.]/.test(before) || /[\p{L}\p{N}_:.]/u.test(characterAt(text, last))) continue;
    const end = withoutPunctuation(text, last);
    // In "host:2001:db8::1" the first colon is not part of the address.
    const start = standsAlone(text, first) ? first : match.index + 1;
    if (isAddress(text.slice(start, end))) yield { start, end };
  }
}

/** Without a digit it is rather code (`abc::def`) than an address. */
function isAddress(found: string): boolean {
  return /\d/.test(found) && isIPv6(found);
}

function withoutPunctuation(text: string, end: number): number {
  let last = end;
  while (text[last - 1] === '.') last -= 1;
  return text[last - 1] === ':' && text[last - 2] !== ':' ? last - 1 : last;
}

function standsAlone(text: string, at: number): boolean {
  return !/[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, at - 2), at));
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/** Version 4 as four numbers up to 255; version 6 as RFC 4291 writes it, in full or with `::`. */
export const ipAddress: Rule = {
  tag: 'IPADDRESS',
  base: 0.6,
  keywords: {
    'ip address': 0.5,
    ip: 0.4,
    ipv4: 0.4,
    ipv6: 0.4,
    address: 0.1,
    host: 0.2,
    server: 0.2,
    dns: 0.2,
    gateway: 0.2,
    subnet: 0.2,
    ping: 0.2,
    router: 0.1,
  },
  *find(text) {
    yield* scan(text, dottedQuads, wholeIf(isIPv4));
    yield* versionSix(text);
  },
  settles: true,
};
