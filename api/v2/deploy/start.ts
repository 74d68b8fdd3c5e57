import { z } from 'zod';
import { allows, effectivePermission } from '../../../src/auth/policies';
import type { Queryable } from '../../../src/database/database';
import {
  endDeployment,
  nameHolder,
  requestDeployment,
} from '../../../src/database/models/deployments';
import { modelAccess } from '../../../src/database/models/models';
import type { User } from '../../../src/database/accounts/users';
import { TrainyardError } from '../../../src/errors';
import { checkDeploymentName } from '../../../src/serving/deploymentName';
import { access } from '../../core/access';
import { nothing, optionalBlank } from '../../core/fields';
import { route } from '../../core/route';
import { requireDiskSpace } from '../train/common/diskSpace';

/**
 * Who moves a name away from a model must own that model too. The refusal does not say which model it
 * is: it may be one that the caller must not know of.
 */
async function requireOwnHolder(
  db: Queryable,
  user: User,
  name: string,
  holder: string,
): Promise<void> {
  const model = await modelAccess(db, holder, user.id);
  if (!model || allows(effectivePermission(user, model), 'owner')) return;
  throw new TrainyardError(
    'config',
    'deployment_name_taken',
    `deployment_name "${name}" is in use by a model that you do not own: choose another`,
    403,
  );
}

/** Numbers below 1 count as 1. */
const atLeastOne = z.int().transform((value) => Math.max(1, value));

const deployBody = z.object({
  deployment_name: optionalBlank(z.string()).meta({
    description:
      'Also answer under `/<deployment_name>/…`: 1 to 100 of A-Z a-z 0-9 . _ -, a letter or digit first. A name that another model has moves here once this one is up; you must own that one too.',
  }),
  autoscaling_enabled: z.boolean().nullish().meta({ description: 'Kept, without effect.' }),
  autoscaling_min: optionalBlank(atLeastOne).meta({ description: 'Kept, without effect.' }),
  autoscaling_max: optionalBlank(atLeastOne).meta({ description: 'Kept, without effect.' }),
  memory: optionalBlank(z.int()).meta({ description: 'MiB. Kept, without effect.' }),
});

export const startRoutes = [
  route({
    method: 'post',
    path: '/deploy/:model_id',
    summary: 'Deploy a trained model',
    description:
      'Replies before the model is up: the status says when. Does nothing when it is up or coming up already, except giving it the name.',
    policy: access.model('owner'),
    before: [requireDiskSpace],
    body: deployBody,
    response: nothing,
    handler: async ({ deps, body, model, user, transaction }) => {
      const { deployment_name, ...given } = body;
      const name = deployment_name && checkDeploymentName(deployment_name);
      const holder = name && (await nameHolder(deps.database.manager, name));
      if (name && holder) await requireOwnHolder(deps.database.manager, user, name, holder);
      const options = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
      );
      await transaction((tx) =>
        requestDeployment(tx, { modelId: model.id, name, holder, options, requestedBy: user.id }),
      );
      return {};
    },
  }),
  route({
    method: 'delete',
    path: '/deploy/:model_id',
    summary: 'Undeploy a model',
    description:
      'Frees its name. Requests that were begun are answered. Harmless when the model is not deployed.',
    policy: access.model('owner'),
    response: nothing,
    handler: async ({ model, user, transaction }) => {
      await transaction((tx) => endDeployment(tx, model.id, user.id));
      return {};
    },
  }),
];
