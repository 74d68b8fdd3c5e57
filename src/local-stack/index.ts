export { attached } from './attach';
export { reachable } from './supervision/childEnvironment';
export { deadline } from './deadline';
export type { Progress } from './progress';
export { run, type RunResult } from './run';
export { readStack, runningStack, type StackRecord } from './stackFile';
export { Supervisor, type SupervisorOptions } from './supervision/supervisor';
export { setupTemporal } from './temporal/temporalSetup';
