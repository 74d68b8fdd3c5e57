import type { DeploymentRow } from '../../database/models/deployments';
import type { ServedAction } from '../../model-types/contract/servedModel';
import { getModelType, modelTypes } from '../../model-types/registry';

/** What is known of an action before it runs. */
export interface DeclaredAction {
  method: 'GET' | 'POST';
  /** Without it the answer is for everyone. */
  needs?: 'read' | 'write';
  /** True: asking twice does no more than asking once, so a request that broke off may be sent again. */
  changesNothing: boolean;
}

/** What every deployed model answers, below `/{model_id}/` and `/{deployment_name}/`; its kind adds others. */
export const platformActions = {
  stats: { method: 'GET', needs: 'read', changesNothing: true },
  metrics: { method: 'GET', needs: 'read', changesNothing: true },
  health: { method: 'GET', changesNothing: true },
} as const satisfies Record<string, DeclaredAction>;

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
