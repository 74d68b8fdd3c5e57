import { TrainyardError } from '../../errors';

const mebibyte = 1024 * 1024;

/** What one upload may hold, and the errors that say so with figures. */
export class UploadLimits {
  private files = 0;
  private bytes = 0;

  constructor(
    /** Of all files together. */
    readonly maxBytes: number,
    readonly maxFiles: number,
  ) {}

  /** Refuses from its length a body that cannot fit, before it is sent. */
  checkLength(contentLength: string | undefined): void {
    // Boundaries and part headers come on top of the files.
    const most = this.maxBytes + (this.maxFiles + 1) * 4096;
    if (contentLength !== undefined && Number(contentLength) > most) {
      throw this.tooLarge(`the body has ${show(Number(contentLength))}`);
    }
  }

  addFile(): void {
    if (++this.files > this.maxFiles) throw this.tooManyParts();
  }

  addBytes(bytes: number, name: string): void {
    this.bytes += bytes;
    if (this.bytes > this.maxBytes) {
      throw this.tooLarge(`the limit was passed within ${JSON.stringify(name)}`);
    }
  }

  tooManyParts(): TrainyardError {
    return new TrainyardError(
      'limit',
      'too_many_files',
      `one upload may hold ${String(this.maxFiles)} files: send the rest in further uploads, and name them all in the training`,
      413,
    );
  }

  private tooLarge(found: string): TrainyardError {
    return new TrainyardError(
      'limit',
      'upload_too_large',
      `one upload may hold ${show(this.maxBytes)}, ${found}: send less, or several uploads; nothing of this one was kept`,
      413,
    );
  }
}

function show(bytes: number): string {
  return bytes < mebibyte ? `${String(bytes)} bytes` : `${(bytes / mebibyte).toFixed(1)} MiB`;
}
