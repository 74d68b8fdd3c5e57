import type { Client } from '@temporalio/client';
import type { TemporalSettings } from '../config';
import type { Logger } from '../observability';
import { untilReachable } from '../support/untilReachable';
import { connectTemporal } from './client';

/** A client of Temporal once it answers, see `connectTemporal`. */
export function openTemporal(settings: TemporalSettings, logger: Logger): Promise<Client> {
  return untilReachable('Temporal', logger, () => connectTemporal(settings));
}
