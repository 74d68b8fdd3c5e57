/** What is known of an action before it runs. */
export interface DeclaredAction {
  method: 'GET' | 'POST';
  /** Without it the answer is for everyone. */
  needs?: 'read' | 'write';
  /** True: asking twice does no more than asking once, so a request that broke off may be sent again. */
  changesNothing: boolean;
}

/**
 * What every deployed model answers, below `/{model_id}/` and `/{deployment_name}/`. Its kind adds others, which
 * may not be called like these: the platform's would be answered in their place.
 */
export const platformActions = {
  stats: { method: 'GET', needs: 'read', changesNothing: true },
  metrics: { method: 'GET', needs: 'read', changesNothing: true },
  health: { method: 'GET', changesNothing: true },
} as const satisfies Record<string, DeclaredAction>;

export type PlatformAction = keyof typeof platformActions;
