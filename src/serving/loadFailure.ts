import type { LoadFailure } from '../database/models/servingHealth';
import { TrainyardError } from '../errors';

/** What passes by itself or by the operator's hand, and says nothing about the model. */
const waitedFor: Record<string, string> = {
  storage_unavailable: 'the object store',
  disk_full: 'disk space',
  serving_folder_unusable: 'the folder of the serving process',
};

/** Whether a deployment waits for the end of it instead of failing. */
export function isOutage(error: unknown): boolean {
  return error instanceof TrainyardError && error.code in waitedFor;
}

/** Whether it is worth trying again soon before the deployment is called failed. */
export function mayPass(error: unknown): boolean {
  return error instanceof TrainyardError && error.kind === 'infrastructure';
}

/** Why a model is not in memory, for people. Details of our own faults stay in the log. */
export function explainLoadError(error: unknown): string {
  if (error instanceof TrainyardError && error.kind !== 'bug') return error.text;
  return 'an internal error, see the log of the serving process [internal]';
}

/** What a deployment's status says of it. */
export function loadFailureOf(error: unknown): LoadFailure {
  const why = explainLoadError(error);
  if (isOutage(error)) {
    const what = waitedFor[(error as TrainyardError).code]!;
    return { waits: true, reason: `waiting for ${what}: ${why}` };
  }
  return {
    waits: false,
    reason: `the model could not be loaded: ${why}; this is tried again now and then; deploy it again to try at once, or train it again if this persists`,
  };
}
