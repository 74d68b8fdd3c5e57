export { startHealthServer, type HealthServer } from './healthServer';
export { installationHeader, installationId } from './installation';
export { createLogger, type Logger } from './logger';
export { createRegistry } from './metrics';
export { Readiness, type ReadinessReport } from './readiness';
