import type { Context } from 'koa';
import { parseJson } from '../../src/http/parseJson';
import { readBody } from '../../src/http/readBody';
import { InvalidJson } from '../../src/http/scanJson';
import { badBody } from './badBody';
import type { Route } from './route';
import { validateBody } from './validate';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** The most bytes of a route's JSON body: little from those who need not say who they are. */
export function maxBodyBytes({ policy, maxBodyBytes: declared }: Route): number {
  return declared ?? (policy.credential === 'none' ? 64 * kibibyte : 10 * mebibyte);
}

/** The bytes of a request's body, and what they say under the route's schema. */
export async function requestBody(
  ctx: Context,
  declared: Route,
): Promise<{ bytes: Buffer; body: unknown }> {
  if (!declared.body) return { bytes: Buffer.alloc(0), body: undefined };
  const bytes = await readBody(ctx.req, {
    maxBytes: maxBodyBytes(declared),
    ...(declared.maxBodyMs === undefined ? {} : { maxMs: declared.maxBodyMs }),
  });
  const isForm = declared.form && ctx.is('application/x-www-form-urlencoded');
  const value = isForm
    ? Object.fromEntries(new URLSearchParams(bytes.toString()))
    : json(bytes, declared.maxBodyValues);
  return { bytes, body: validateBody(declared.body, value) };
}

function json(bytes: Buffer, maxValues: number | undefined): unknown {
  try {
    return parseJson(bytes, { maxValues });
  } catch (error) {
    throw error instanceof InvalidJson ? badBody(error.message) : error;
  }
}
