import { z } from 'zod';
import type { Queryable } from '../../../src/database/database';
import { messagesOf } from '../../../src/database/messages';
import { statuses, type Status } from '../../../src/database/status';

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
  return { status, errors: texts('error'), warnings: texts('warning') };
}
