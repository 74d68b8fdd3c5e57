import { jobRoutes } from './jobs';
import { observeRoutes } from './observe';
import { saveRoutes } from './save';
import { startRoutes } from './start';

/** Deploying, undeploying, and how it stands. */
export const deployRoutes = [...startRoutes, ...observeRoutes, ...saveRoutes, ...jobRoutes];
