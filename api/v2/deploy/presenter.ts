import { z } from 'zod';
import type { Queryable } from '../../../src/database/database';
import { messagesOf } from '../../../src/database/models/messages';
import { loadHealth, type LoadHealth } from '../../../src/database/models/servingHealth';
import { statuses, type Status } from '../../../src/database/models/status';

export const deployStatusReply = z.object({
  status: z.enum(statuses),
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** A deployment's status with what there is to say about it. */
export async function presentDeployStatus(
  db: Queryable,
  modelId: string,
  status: Status,
): Promise<z.input<typeof deployStatusReply>> {
  const messages = await messagesOf(db, modelId, 'deploy');
  const texts = (level: string): string[] =>
    messages.filter((message) => message.level === level).map((message) => message.text);
  const health = await loadHealth(db, modelId);
  return {
    status,
    errors: texts('error'),
    warnings: [...texts('warning'), ...warningsOf(status, health)],
  };
}

/** What serving processes have against a deployment that is not failed: gone as soon as they have not. */
function warningsOf(status: Status, { processes, failures }: LoadHealth): string[] {
  if (failures.length === 0) return [];
  const who = `${failures.length} of ${processes} serving processes`;
  const reasons = [...new Set(failures.map(({ reason }) => reason))].join('; ');
  if (status === 'complete') {
    return [
      `${who} cannot load this model and answer 503 for it until they can, the others serve it: ${reasons} [model_not_loaded]`,
    ];
  }
  const comingUp = status === 'starting' || status === 'in_progress';
  return comingUp ? [`${who} could not load this model yet: ${reasons} [model_not_loaded]`] : [];
}
