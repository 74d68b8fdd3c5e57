/** What is known of an action before it runs. */
export interface DeclaredAction {
  method: 'GET' | 'POST';
  /** Without it the answer is for everyone. */
  needs?: 'read';
  /** True: asking twice does no more than asking once, so a request that broke off may be sent again. */
  changesNothing: boolean;
}

/** What a deployed text model answers, below `/{model_id}/` and `/{deployment_name}/`. */
export const declaredActions = {
  predict: { method: 'POST', needs: 'read', changesNothing: true },
  stats: { method: 'GET', needs: 'read', changesNothing: true },
  metrics: { method: 'GET', needs: 'read', changesNothing: true },
  health: { method: 'GET', changesNothing: true },
} as const satisfies Record<string, DeclaredAction>;

/** Whether a path below a deployment is an action that changes nothing; of unknown ones nobody knows. */
export function changesNothing(action: string): boolean {
  const actions: Record<string, DeclaredAction> = declaredActions;
  return Object.hasOwn(actions, action) && actions[action]!.changesNothing;
}
