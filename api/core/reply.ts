import type { Readable } from 'node:stream';

/** Declares a reply that is not JSON. */
export interface Media {
  mediaType: string;
  description: string;
}

export function media(mediaType: string, description: string): Media {
  return { mediaType, description };
}

/** A reply of bytes: a file, a page, a stream of events. */
export class Streamed {
  constructor(
    readonly mediaType: string,
    readonly body: Readable | Buffer | string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly status = 200,
  ) {}
}

export function isMedia(response: object): response is Media {
  return 'mediaType' in response;
}
