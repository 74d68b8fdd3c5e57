export { attached } from './attach';
export { deadline } from './deadline';
export type { Progress } from './progress';
export { readStack, runningStack, type StackRecord } from './stackFile';
export { Supervisor, type SupervisorOptions } from './supervisor';
export { setupTemporal } from './temporalSetup';
