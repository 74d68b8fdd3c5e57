import { requestDeployment } from '../../src/database/models/deployments';
import { addMessage } from '../../src/database/models/messages';
import { runById } from '../../src/database/runs/runs';
import { TrainyardError } from '../../src/errors';
import type { RunHandle } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';

/** Asks for a deployment of the finished model when its request said `deploy_when_complete`. */
export async function deploy(deps: ActivityDependencies, handle: RunHandle): Promise<boolean> {
  const run = await runById(deps.database, handle.runId);
  if (!run?.data.deploy_when_complete) return false;
  try {
    await deps.database.transaction((tx) =>
      requestDeployment(tx, { modelId: handle.modelId, requestedBy: handle.ownerId, options: {} }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof TrainyardError) || error.kind === 'infrastructure') throw error;
    // The training is complete all the same.
    const text = `the model was not deployed: ${error.text}`;
    await addMessage(deps.database, handle.modelId, 'deploy', 'error', text, handle.runId);
    return false;
  }
}
