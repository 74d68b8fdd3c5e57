import type { DeploymentRow } from '../../database/models/deployments';
import { platformActions } from '../../model-types/contract/platformActions';
import type { ServedAction } from '../../model-types/contract/servedModel';
import { getModelType, modelTypes } from '../../model-types/registry';

/** An action of a model's kind; undefined when there is none of that name. */
export function actionOf({ type }: DeploymentRow, name: string): ServedAction | undefined {
  const { actions } = getModelType(type).served;
  return Object.hasOwn(actions, name) ? actions[name] : undefined;
}

/** Whether a path below a deployment is an action that changes nothing, of whatever kind; of unknown ones nobody knows. */
export function changesNothing(name: string): boolean {
  if (Object.hasOwn(platformActions, name)) return true;
  const declared = modelTypes().flatMap(({ served: { actions } }) =>
    Object.hasOwn(actions, name) ? [actions[name]!] : [],
  );
  return declared.length > 0 && declared.every((action) => action.changesNothing);
}
