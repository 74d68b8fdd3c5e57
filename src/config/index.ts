export type { ArtifactLocation } from './artifactLocation';
export { loadConfig, type Config } from './config';
export { describeConfig, withoutPassword } from './describeConfig';
export { unknownVariables, type Environment } from './readSettings';
export { keptRandom, secretFingerprint, signingSecret } from './secret';
export { logLevels, settings, type LogLevel, type SettingName } from './settings';
export type { TemporalSettings } from './temporalSettings';
