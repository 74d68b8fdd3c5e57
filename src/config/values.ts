import { delimiter, isAbsolute } from 'node:path';
import { compile } from 'proxy-addr';
import { z } from 'zod';

/** A whole number written in digits, `least` to `most`, both allowed. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `allowed is a whole number from ${least} to ${most}`,
    })
    .transform(Number);
}

/** A URL in one of the given schemes, kept as text. */
export function url(...schemes: string[]) {
  const allowed = schemes.map((scheme) => `${scheme}://…`).join(' or ');
  return z
    .string()
    .refine((text) => schemes.includes(schemeOf(text)), { error: `allowed is ${allowed}` });
}

/** Absolute folders, separated as in PATH. */
export function folders() {
  return z
    .string()
    .transform((text) => text.split(delimiter).filter((folder) => folder !== ''))
    .refine((list) => list.every((folder) => isAbsolute(folder)), {
      error: `allowed are absolute folders separated by "${delimiter}"`,
    });
}

/** IP addresses and networks, separated by commas. */
export function networks() {
  return z
    .string()
    .transform((text) => text.split(',').map((network) => network.trim()))
    .refine(areNetworks, {
      error: 'allowed are addresses and networks such as 10.0.0.0/8, separated by ","',
    });
}

function areNetworks(list: string[]): boolean {
  try {
    compile(list);
    return true;
  } catch {
    return false;
  }
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return z.enum(words, { error: `allowed is ${words.join(', ')}` });
}

/** `true` or `false`. */
export function flag() {
  return oneOf(['true', 'false']).transform((word) => word === 'true');
}

/** Text of at least `least` characters. */
export function text(least = 1) {
  return z.string().min(least, { error: `needs at least ${least} characters` });
}

function schemeOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol.replace(':', '') : '';
}
