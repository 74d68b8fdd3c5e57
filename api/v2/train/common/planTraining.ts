import type { JobOptions, RunData, RunSource } from '../../../../src/database/runs/runs';
import { TrainyardError } from '../../../../src/errors';
import type { NewTraining } from '../../../../src/training/createTraining';
import type { CommonBody } from './fields';
import { checkInto, type Check, type Remarks } from './remarks';
import { planSources, type Places } from './sources';

const defaultMemoryMb = 6800;
const leastMemoryMb = 500;

/** What is particular to a kind of model in a request. */
export interface KindOfTraining {
  /** The kind of model that comes of it. */
  type: string;
  /** With every default filled in; notes what is wrong with them. */
  options(check: Check): object;
  /** Options that change nothing, told to the caller. */
  warnings: readonly string[];
  /** Whether there must be files to train on. @default true */
  needsFiles?: boolean;
}

/**
 * What a request asks for, with every default filled in.
 * @throws TrainyardError 422 with everything that is wrong, one line each.
 */
export function planTraining(body: CommonBody, places: Places, kind: KindOfTraining): NewTraining {
  const remarks: Remarks = { errors: [], warnings: [...kind.warnings] };
  const check = checkInto(remarks);
  const name = body.model_name;
  check(name !== '', 'model_name must be specified');
  check(name.length <= 100, `model_name has ${name.length} characters, allowed are 100`);
  check(!name.includes('\0'), 'model_name must not contain NUL characters');
  const options = kind.options(check);
  const sources = planData(body, places, kind.needsFiles ?? true, remarks);
  const cache = body.cache ?? 'use';
  check(isCacheMode(cache), `cache is "${cache}", allowed are "use", "refresh" and "off"`);
  if (remarks.errors.length > 0) {
    throw new TrainyardError(
      'config',
      'invalid_options',
      `unable to start ${kind.type} training, found the following errors: ${remarks.errors.join('\n')}`,
    );
  }
  return {
    name,
    type: kind.type,
    baseModelId: body.base_model_id ?? null,
    options,
    data: {
      sources,
      cache: cache as RunData['cache'],
      deploy_when_complete: body.deploy_when_complete ?? false,
    },
    job: planJob(body),
    warnings: remarks.warnings,
  };
}

function planData(
  body: CommonBody,
  places: Places,
  needsFiles: boolean,
  remarks: Remarks,
): RunSource[] {
  const train = body.data?.supervised_files ?? [];
  if (needsFiles && train.length === 0)
    remarks.errors.push('data.supervised_files must hold at least one file');
  return [
    ...planSources(train, 'train', places, remarks),
    ...planSources(body.data?.test_files ?? [], 'test', places, remarks),
  ];
}

function planJob(body: CommonBody): JobOptions {
  const cores = body.job_options?.allocation_cores ?? 1;
  const memory = body.job_options?.allocation_memory ?? defaultMemoryMb;
  return {
    allocation_cores: Math.max(1, cores),
    allocation_memory: memory < leastMemoryMb ? defaultMemoryMb : memory,
  };
}

function isCacheMode(mode: string): mode is RunData['cache'] {
  return mode === 'use' || mode === 'refresh' || mode === 'off';
}
