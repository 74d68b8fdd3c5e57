import type { StageRow } from '../../src/database/runs/stages';
import type { ActivityDependencies } from '../dependencies';
import type { RunContext } from '../../src/training/runContext';
import type { Attempt } from './attempt';
import type { AttemptHeartbeat } from './heartbeat';
import type { OutageWait } from './outages';
import type { AttemptRecorder } from './recorder';

/** All that the steps of one attempt work with. */
export interface RunningAttempt {
  deps: ActivityDependencies;
  context: RunContext;
  attempt: Attempt;
  claim: StageRow;
  /** Scratch: `inputs/`, `outputs/`, `checkpoints/`. */
  folder: string;
  recorder: AttemptRecorder;
  heartbeat: AttemptHeartbeat;
  /** How the attempt waits for what is away. */
  outages: OutageWait;
}
