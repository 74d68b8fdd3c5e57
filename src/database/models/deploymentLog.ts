import { rows, type Queryable } from '../database';
import type { EventRow } from './events';

/** As many characters of each stream as clients get. */
const logLength = 5000;
/** More events than make up that many characters. */
const newestEvents = 200;

export interface DeploymentLog {
  stdout: string;
  stderr: string;
}

/** The history of a model's deployments as text, oldest line first; nothing when there was none. */
export async function deploymentLog(db: Queryable, modelId: string): Promise<DeploymentLog[]> {
  const events = await rows<EventRow>(
    db,
    `SELECT newest.* FROM (VALUES ('deploy_status'), ('warning'), ('error')) AS kind (type)
     CROSS JOIN LATERAL (
       SELECT seq, type, data, actor, at FROM event
       WHERE model_id = $1 AND event.type = kind.type
         AND (event.type = 'deploy_status' OR data ->> 'job' = 'deploy')
       ORDER BY seq DESC LIMIT $2) AS newest
     ORDER BY seq DESC LIMIT $2`,
    [modelId, newestEvents],
  );
  if (events.length === 0) return [];
  const lines = (wanted: (event: EventRow) => boolean): string =>
    events.filter(wanted).reverse().map(lineOf).join('').slice(-logLength);
  const isError = (event: EventRow): boolean => event.type === 'error';
  return [{ stdout: lines((event) => !isError(event)), stderr: lines(isError) }];
}

function lineOf({ at, type, data, actor }: EventRow): string {
  const { from, to, reason, text } = data as Record<string, string | undefined>;
  const what =
    type === 'deploy_status'
      ? `${from ?? ''} -> ${to ?? ''} by ${actor}${reason === undefined ? '' : `: ${reason}`}`
      : `${type}: ${text ?? ''}`;
  return `${at.toISOString()} ${what}\n`;
}
