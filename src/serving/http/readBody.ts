import type { IncomingMessage } from 'node:http';
import { parseJson } from '../../http/parseJson';
import { readBody } from '../../http/readBody';

export { ClientGone } from '../../http/readBody';

/**
 * Reads a JSON body as the API reads its own.
 * @param maxBytes larger bodies are refused with 413
 * @throws InvalidJson, ClientGone, or a TrainyardError with status 408, 413 or 415
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  return parseJson(await readBody(request, { maxBytes }));
}
