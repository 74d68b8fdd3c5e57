import { Connection, isGrpcServiceError } from '@temporalio/client';
import { messageOf, TrainyardError } from '../../errors';
import type { TemporalSettings } from '../../config';
import { deadline } from '../deadline';
import type { Progress } from '../progress';

/** Numbers of Temporal's IndexedValueType. */
const keyword = 2;
const double = 4;

/** What operators filter trainings by. None holds text of users. */
const searchAttributes: Record<string, typeof keyword | typeof double> = {
  TrainingType: keyword,
  ModelId: keyword,
  OwnerId: keyword,
  TrainStatus: keyword,
  BestScore: double,
};

/** gRPC status codes that have a meaning here. */
const notFound = 5;
const alreadyExists = 6;
const permissionDenied = 7;

/**
 * Makes Temporal ready for trainings: the namespace with its retention, and the search attributes.
 * Safe to repeat. Where the account may not change the namespace, it must have been set up before.
 */
export async function setupTemporal(settings: TemporalSettings, progress: Progress): Promise<void> {
  const connection = await connect(settings);
  try {
    await ensureNamespace(connection, settings, progress);
    await ensureSearchAttributes(connection, settings.namespace);
  } finally {
    await connection.close();
  }
}

async function connect(settings: TemporalSettings): Promise<Connection> {
  try {
    return await Connection.connect({ ...settings.connection, connectTimeout: '10 s' } as object);
  } catch (error) {
    throw new TrainyardError(
      'infrastructure',
      'temporal_unreachable',
      `Temporal does not answer at ${settings.connection?.address ?? 'its default address'}: ` +
        `${messageOf(error)}; look at TEMPORAL_ADDRESS`,
      500,
    );
  }
}

async function ensureNamespace(
  connection: Connection,
  { namespace, retentionDays }: TemporalSettings,
  progress: Progress,
): Promise<void> {
  const workflowExecutionRetentionPeriod = { seconds: retentionDays * 86_400 } as never;
  const service = connection.workflowService;
  try {
    await service.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod },
    });
  } catch (error) {
    if (hasCode(error, permissionDenied)) {
      progress(
        `this account may not change the namespace "${namespace}"; its retention stays as it is`,
      );
    } else if (hasCode(error, notFound)) {
      await service
        .registerNamespace({ namespace, workflowExecutionRetentionPeriod })
        .catch(unless(alreadyExists));
      await deadline(() => isKnown(connection, namespace), 60_000, 200);
    } else throw error;
  }
}

/** Adds those that are missing, and waits until workflows may use them. */
async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    return Object.keys(searchAttributes).filter((name) => !(name in (customAttributes ?? {})));
  };
  const absent = await missing();
  if (absent.length === 0) return;
  await connection.operatorService
    .addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(absent.map((name) => [name, searchAttributes[name]!])),
    })
    .catch(unless(alreadyExists));
  if (await deadline(async () => (await missing()).length === 0, 30_000, 100)) return;
  throw new TrainyardError(
    'infrastructure',
    'search_attributes_missing',
    `Temporal did not take the search attributes ${absent.join(', ')} of the namespace "${namespace}"; ` +
      'add them with `temporal operator search-attribute create`',
    500,
  );
}

/** A new namespace reaches every part of the server only after some seconds. */
async function isKnown(connection: Connection, namespace: string): Promise<boolean> {
  return connection.operatorService.listSearchAttributes({ namespace }).then(
    () => true,
    () => false,
  );
}

function hasCode(error: unknown, code: number): boolean {
  return isGrpcServiceError(error) && (error.code as number) === code;
}

function unless(code: number): (error: unknown) => void {
  return (error) => {
    if (!hasCode(error, code)) throw error;
  };
}
