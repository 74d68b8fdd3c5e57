import { requestDeployment } from '../src/database/deployments';
import { runById } from '../src/database/runs';
import type { RunHandle } from '../workflows/types';
import type { ActivityDependencies } from './dependencies';

/** Asks for a deployment of the finished model when its request said `deploy_when_complete`. */
export async function deploy(deps: ActivityDependencies, handle: RunHandle): Promise<boolean> {
  const run = await runById(deps.database, handle.runId);
  if (!run?.data.deploy_when_complete) return false;
  await deps.database.transaction((tx) =>
    requestDeployment(tx, { modelId: handle.modelId, requestedBy: handle.ownerId, options: {} }),
  );
  return true;
}
