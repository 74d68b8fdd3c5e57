import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../support/words';
import type { StageWarning } from './stageContext';

/**
 * File beside the outputs of a stage that the step cache keeps: what it warned of. Whoever gets the
 * outputs from the cache is told the same.
 */
export const warningsFile = 'warnings.json';

/** Stages bound what they say of each kind; this bounds what a broken one could leave. */
const mostKept = 500;

/** A warning as a stage's log has it. */
export function warningLine({ code, message }: StageWarning): string {
  return `warning: ${message} [${code}]`;
}

export function keepWarnings(outputs: string, warnings: readonly StageWarning[]): void {
  const kept = warnings.slice(0, mostKept);
  const more = warnings.length - kept.length;
  if (more > 0) {
    const message = counted(more, 'more warning was not kept', 'more warnings were not kept');
    kept.push({ code: 'more_warnings', message });
  }
  writeFileSync(join(outputs, warningsFile), `${JSON.stringify(kept, null, 2)}\n`);
}

/** @param content of `warnings.json`; undefined for outputs of a version that did not write it */
export function parseKeptWarnings(content: Buffer | undefined): StageWarning[] {
  return content ? (JSON.parse(content.toString('utf8')) as StageWarning[]) : [];
}
