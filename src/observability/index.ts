export { startHealthServer, type HealthServer } from './healthServer';
export { createLogger, type Logger } from './logger';
export { createRegistry } from './metrics';
