/** What the answers on the way to a file say about it. */
export interface FileFacts {
  /** The commit that the revision stands for. */
  commit?: string;
  /** Size of the whole file. */
  bytes?: number;
  /** sha256 of a large file. */
  sha256?: string;
  /** git's hash of a small file. */
  gitHash?: string;
  /** Strong validator of the last answer, for resuming. */
  etag?: string;
}

export interface Answer {
  response: Response;
  facts: FileFacts;
}

const mostRedirects = 5;

/**
 * Asks for a file and follows redirects, gathering what each answer says. Proxies are Node's matter.
 * @throws Error when the network fails, or a redirect leads from HTTPS to anything else
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  const facts: FileFacts = {};
  let at = new URL(url);
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(at, {
      // Ranges count the bytes of the file, not those of a compressed form.
      headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'trainyard' },
      redirect: 'manual',
      signal,
    });
    gather(facts, response.headers);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      return { response, facts: { ...facts, ...strong(response.headers.get('etag')) } };
    }
    await response.body?.cancel();
    if (redirects === mostRedirects) throw new Error(`more than ${mostRedirects} redirects`);
    at = redirected(at, location);
  }
}

/**
 * Where a redirect leads.
 * @throws Error when it leads from HTTPS to anything else, or to what is not the web
 */
export function redirected(from: URL, location: string): URL {
  const to = new URL(location, from);
  const allowed = from.protocol === 'https:' ? ['https:'] : ['http:', 'https:'];
  if (allowed.includes(to.protocol)) return to;
  throw new Error(`a redirect from ${from.protocol}// to ${to.protocol}// is not followed`);
}

/** The first answer that says something counts: it is the hub's own. */
function gather(facts: FileFacts, headers: Headers): void {
  const commit = headers.get('x-repo-commit');
  if (commit !== null && /^[0-9a-f]{40}$/.test(commit)) facts.commit ??= commit;
  const bytes = headers.get('x-linked-size');
  if (bytes !== null && /^\d{1,15}$/.test(bytes)) facts.bytes ??= Number(bytes);
  const tag = plain(headers.get('x-linked-etag') ?? headers.get('etag'));
  if (/^[0-9a-f]{64}$/.test(tag)) facts.sha256 ??= tag;
  if (/^[0-9a-f]{40}$/.test(tag) && facts.sha256 === undefined) facts.gitHash ??= tag;
}

function plain(tag: string | null): string {
  return (tag ?? '').replace(/^W\//, '').replaceAll('"', '');
}

function strong(tag: string | null): Pick<FileFacts, 'etag'> {
  return tag === null || tag.startsWith('W/') ? {} : { etag: tag };
}
