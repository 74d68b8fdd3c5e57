import { accountRoutes } from './accounts';
import { passwordRoutes } from './passwords';
import { sessionRoutes } from './sessions';
import { tokenRoutes } from './tokens';

export const userRoutes = [...sessionRoutes, ...accountRoutes, ...tokenRoutes, ...passwordRoutes];
