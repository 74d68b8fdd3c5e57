import { TrainyardError } from '../errors';

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The name that an encoder gets when none was given: the last part of a folder or hub id. */
export function defaultName(source: string): string {
  return source
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1)!;
}

/** @throws TrainyardError `invalid_encoder_name` */
export function checkEncoderName(given: string): void {
  if (name.test(given)) return;
  throw new TrainyardError(
    'config',
    'invalid_encoder_name',
    `the name ${JSON.stringify(given.slice(0, 200))} cannot be: allowed are up to 100 letters, digits, ".", "_" and "-", a letter or digit first; choose another with --name`,
  );
}

export function encoderNotFound(given: string, names: readonly string[]): TrainyardError {
  const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return new TrainyardError(
    'config',
    'encoder_not_found',
    `no encoder is named ${JSON.stringify(given.slice(0, 200))}; ${known}`,
    404,
  );
}
