import type { IncomingMessage } from 'node:http';
import { Turns } from '../support/turns';

/** Smaller bodies are read at once. */
const largeBytes = 256 * 1024;

const turns = new Turns();

/**
 * Reads a body; the large ones of one caller one after the other, so that no caller's fill the process.
 * @param caller undefined: nobody knows who it is, and so large bodies are refused anyway
 */
export function readInTurn<T>(
  { headers }: IncomingMessage,
  caller: string | undefined,
  read: () => Promise<T>,
): Promise<T> {
  if (caller === undefined) return read();
  const length = headers['content-length'];
  const isSmall =
    length === undefined
      ? headers['transfer-encoding'] === undefined
      : Number(length) <= largeBytes;
  return isSmall ? read() : turns.take(caller, read);
}
