/**
 * A file of an encoder that cannot be used. The message names the file, the field or tensor, what was
 * found and what was expected.
 */
export class EncoderFileError extends Error {
  constructor(
    /** Path in the encoder's folder: `config.json`. */
    readonly file: string,
    problem: string,
  ) {
    super(`${file}: ${problem}`);
    this.name = 'EncoderFileError';
  }
}
