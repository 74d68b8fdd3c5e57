import busboy from 'busboy';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { TrainyardError } from '../../errors';
import type { IncomingFile } from './packWriter';
import type { UploadLimits } from './uploadLimits';

/** Who takes the files of a multipart body. */
export interface PartReceiver {
  /** Called for each part named `files`, in order; may throw to refuse it. */
  begin(filename: string): IncomingFile;
  /** Awaited after each piece of the body, so that memory stays bounded. */
  ready(): Promise<void>;
}

/** Parts that are no files, and are passed over. */
const mostOtherParts = 1000;

/**
 * Reads a multipart body to its end and hands each file on as it comes. Rejects with 400 when the
 * body is no multipart body or breaks off. The stream is left open, so that a reply still reaches
 * the sender.
 */
export async function receiveParts(
  body: Readable,
  headers: IncomingHttpHeaders,
  limits: UploadLimits,
  receiver: PartReceiver,
): Promise<void> {
  const parser = createParser(headers, limits);
  let failure: { reason: unknown } | undefined;
  let some = false;
  let otherField: string | undefined;
  const fail = (reason: unknown): void => void (failure ??= { reason });
  const parsed = new Promise<void>((resolve) => parser.once('close', resolve));
  parser.on('error', (error) => fail(malformed(error)));
  parser.on('partsLimit', () => fail(limits.tooManyParts()));
  parser.on('field', (name) => {
    if (name === 'files') fail(nameless());
  });
  parser.on('file', (field: string | undefined, content, { filename }) => {
    content.on('error', (error) => fail(malformed(error)));
    // Whatever was refused is read to its end: the parser waits for it.
    content.resume();
    if (field === 'files') some = true;
    else otherField ??= field ?? '';
    if (failure || field !== 'files') return;
    try {
      const file = receiver.begin(named(filename));
      content.on('data', (chunk: Buffer) => attempt(() => file.write(chunk)));
      content.on('end', () => attempt(() => file.end()));
    } catch (error) {
      fail(error);
    }
  });
  const attempt = (work: () => void): void => {
    try {
      if (!failure) work();
    } catch (error) {
      fail(error);
    }
  };
  const check = (): void => {
    if (failure) throw failure.reason;
  };

  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      await writeTo(parser, chunk as Buffer, parsed);
      check();
      await receiver.ready();
    }
    parser.end();
    await parsed;
    check();
    if (!some && otherField !== undefined) throw misnamed(otherField);
  } catch (error) {
    // Pieces of files that were parsed already may still come, and must go nowhere.
    fail(error);
    throw error;
  } finally {
    parser.destroy();
  }
}

/** Resolves when the parser takes more, or has closed on a failure of its own. */
async function writeTo(parser: busboy.Busboy, chunk: Buffer, closed: Promise<void>): Promise<void> {
  if (parser.destroyed || parser.write(chunk)) return;
  await Promise.race([new Promise<void>((resolve) => parser.once('drain', resolve)), closed]);
}

function createParser(headers: IncomingHttpHeaders, limits: UploadLimits): busboy.Busboy {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*(;|$)/i.test(type)) {
    const given = type === '' ? 'none' : JSON.stringify(type.slice(0, 100));
    throw invalid(`the Content-Type must be multipart/form-data, given is ${given}`);
  }
  try {
    return busboy({
      headers,
      preservePath: true,
      // Browsers and most clients send names as UTF-8; the parser's own default is latin1.
      defParamCharset: 'utf8',
      limits: { parts: limits.maxFiles + mostOtherParts, fieldSize: 1024, headerPairs: 100 },
    });
  } catch (error) {
    throw malformed(error);
  }
}

function named(filename: string | undefined): string {
  if (!filename) throw nameless();
  return filename;
}

/** Files came, but none where they are looked for: a training would find an empty upload. */
function misnamed(field: string): TrainyardError {
  return new TrainyardError(
    'config',
    'misnamed_files',
    `the files came as ${JSON.stringify(field.slice(0, 100))}, allowed is "files": name each part so, such as -F files=@train.csv`,
  );
}

function nameless(): TrainyardError {
  return new TrainyardError(
    'config',
    'missing_file_name',
    'a part named "files" has no filename: each needs one, such as filename="train.csv"',
  );
}

function malformed(error: unknown): TrainyardError {
  const reason = error instanceof Error ? error.message : String(error);
  return invalid(`the multipart body cannot be read: ${reason}`);
}

function invalid(message: string): TrainyardError {
  return new TrainyardError('config', 'invalid_multipart', message, 400);
}
