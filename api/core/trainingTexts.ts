import { allows, effectivePermission } from '../../src/auth/policies';
import type { Caller } from '../../src/auth/authenticate';
import type { ModelAccess } from '../../src/database/models/models';
import type { ApiDependencies } from '../dependencies';

/** Whether the caller may see texts of the data that the model was trained on, as the operator decided. */
export function maySeeTexts(
  { config }: Pick<ApiDependencies, 'config'>,
  user: Caller,
  model: ModelAccess,
): boolean {
  return allows(effectivePermission(user, model), config.examplesNeed);
}
