import { TrainyardError } from '../errors';

export function damagedBundle(what: string): TrainyardError {
  return new TrainyardError('infrastructure', 'bundle_damaged', `the model is damaged: ${what}`);
}
