import { jobRoutes } from './jobs';
import { observeRoutes } from './observe';
import { startRoutes } from './start';

/** Deploying, undeploying, and how it stands. */
export const deployRoutes = [...startRoutes, ...observeRoutes, ...jobRoutes];
