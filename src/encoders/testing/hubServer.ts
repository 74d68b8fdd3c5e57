import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a hub may do wrong; by default it does nothing wrong. */
export interface HubFaults {
  /** Answers of this file that break off after so many bytes of the body, as often as said. */
  drop?: { path: string; bytes: number; times: number };
  /** Said of the weights instead of the truth. */
  linkedSize?: number;
  linkedEtag?: string;
  /** Answers without the commit of the revision. */
  noCommit?: boolean;
  /** Answers every request for a file with this status. */
  status?: { path: string; code: number; times: number };
  /** Knows no ranges: always sends the whole file. */
  noRanges?: boolean;
  /** Says of every range that nothing is there. */
  noRest?: boolean;
  /** Sends the weights from here. */
  redirectTo?: string;
  /** Answers of this file that stop after so many bytes of the body (-1: before the headers) and stay open. */
  stall?: { path: string; bytes: number; times: number };
  /** Answers of this file that have other bytes under another validator: an older version. */
  older?: { path: string; times: number };
  /** Said of this file instead of its validator. */
  etag?: { path: string; value: string };
  /** Does not say how long answers are. */
  noLength?: boolean;
}

/** A hub on loopback with one encoder at `owner/tiny`, branch `main`. */
export interface HubServer {
  url: string;
  commit: string;
  faults: HubFaults;
  /** Path and range of each request, in order. */
  requests: string[];
  stop(): Promise<void>;
}

const large = 'model.safetensors';

/** Serves files as a hub does: small ones itself, weights behind a redirect, both with ranges. */
export async function hubServer(files: ReadonlyMap<string, Uint8Array>): Promise<HubServer> {
  const commit = createHash('sha1')
    .update([...files.keys()].join())
    .digest('hex');
  const hub: HubServer = { url: '', commit, faults: {}, requests: [], stop: () => stop() };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.split('?')[0]!);
    hub.requests.push(`${path} ${request.headers.range ?? ''}`.trim());
    const [, , file] =
      /^\/owner\/tiny\/resolve\/(main|[0-9a-f]{40})\/(.+)$/.exec(path) ??
      /^\/(cdn)\/(.+)$/.exec(path) ??
      [];
    const content = files.get(file ?? '');
    const { status } = hub.faults;
    if (status && status.path === file && status.times-- > 0) {
      response.writeHead(status.code).end();
    } else if (content === undefined) {
      response.writeHead(404).end('Entry not found');
    } else if (file === large && !path.startsWith('/cdn/')) {
      redirect(hub, response, content);
    } else {
      send(hub, request, response, file!, content);
    }
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return hub;
}

function redirect(
  { commit, faults }: HubServer,
  response: ServerResponse,
  content: Uint8Array,
): void {
  const sha256 = createHash('sha256').update(content).digest('hex');
  response
    .writeHead(302, {
      location: faults.redirectTo ?? `/cdn/${large}?signature=x`,
      'x-linked-size': String(faults.linkedSize ?? content.length),
      'x-linked-etag': `"${faults.linkedEtag ?? sha256}"`,
      ...(faults.noCommit ? {} : { 'x-repo-commit': commit }),
    })
    .end();
}

function send(
  { commit, faults }: HubServer,
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
  newest: Uint8Array,
): void {
  const isNow = (fault?: { path: string; times: number }): boolean =>
    fault?.path === file && fault.times-- > 0;
  const isOlder = isNow(faults.older);
  const content = isOlder ? newest.map((byte) => byte ^ 1) : newest;
  const etag = faults.etag?.path === file ? faults.etag.value : etagOf(file, content, isOlder);
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isPart = from !== undefined && request.headers['if-range'] === etag && !faults.noRanges;
  const start = isPart ? Number(from) : 0;
  if (isPart && (faults.noRest || start >= content.length)) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const body = content.subarray(start);
  const stalls = isNow(faults.stall);
  if (stalls && faults.stall!.bytes < 0) return;
  response.writeHead(isPart ? 206 : 200, {
    etag,
    ...(faults.noLength ? {} : { 'content-length': body.length }),
    ...(isPart
      ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
      : {}),
    ...(faults.noCommit || file === large ? {} : { 'x-repo-commit': commit }),
  });
  if (stalls) {
    response.flushHeaders();
    response.write(body.subarray(0, faults.stall!.bytes));
  } else if (isNow(faults.drop)) {
    response.write(body.subarray(0, faults.drop!.bytes), () => response.destroy());
  } else {
    response.end(body);
  }
}

/** Large files come from elsewhere, whose validators are no hashes. */
function etagOf(file: string, content: Uint8Array, isOlder: boolean): string {
  if (file === large) return isOlder ? '"cdn-older"' : '"cdn"';
  const blob = createHash('sha1').update(`blob ${content.length}\0`).update(content);
  return `"${blob.digest('hex')}"`;
}
