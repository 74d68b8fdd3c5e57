import { TrainyardError } from '../errors';
import { isUuid } from '../support/uuid';

/** First path segments that the platform itself answers; no deployment may be called so. */
export const reservedNames: ReadonlySet<string> = new Set([
  'api',
  'docs',
  'openapi.json',
  'metrics',
  'health',
  'ready',
  'console',
  'custom_classifier',
  'mlflow',
]);

const shape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Whether a path segment has the form of a deployment's name. */
export function isDeploymentName(segment: string): boolean {
  return shape.test(segment);
}

/** Whether a path segment looks like a model's id. */
export function isModelId(segment: string): boolean {
  return isUuid(segment);
}

/**
 * Checks a deployment name. It is one segment of a URL: 1 to 100 of the characters A–Z a–z 0–9 . _ -,
 * a letter or digit first; case counts. Names of the platform's own paths (in any case) and names
 * that look like a model's id are refused.
 * @throws TrainyardError `invalid_deployment_name`
 */
export function checkDeploymentName(name: string): string {
  if (!shape.test(name)) {
    throw refuse(name, 'allowed are 1 to 100 of A-Z a-z 0-9 . _ - with a letter or digit first');
  }
  if (reservedNames.has(name.toLowerCase())) {
    throw refuse(name, `these are reserved: ${[...reservedNames].join(', ')}`);
  }
  if (isModelId(name)) throw refuse(name, 'a name must not look like the id of a model');
  return name;
}

function refuse(name: string, rule: string): TrainyardError {
  const shown = JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
  return new TrainyardError(
    'config',
    'invalid_deployment_name',
    `deployment_name ${shown} cannot be used: ${rule}`,
  );
}
