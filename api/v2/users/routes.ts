import { accountRoutes } from './accounts';
import { sessionRoutes } from './sessions';
import { tokenRoutes } from './tokens';

export const userRoutes = [...sessionRoutes, ...accountRoutes, ...tokenRoutes];
