import type { AbsentPaths } from '../core/router';

const apiTokens = 'make an API token at POST /api/v2/user/tokens, list them with GET';

/** Paths of the Model Bazaar API that a path with an id in it would otherwise take for an id. */
export const absentPaths: AbsentPaths = {
  '/model/create-api-key': apiTokens,
  '/model/delete-api-key': apiTokens,
  '/model/list-api-keys': apiTokens,
  '/model/upload': 'models are made by training',
};
