import { checkDiskSpace } from '../../../../src/data/uploads';
import type { ApiDependencies } from '../../../dependencies';

/** Before anything is accepted that ends on this machine's disk: 507 when it is nearly full. */
export async function requireDiskSpace({ config }: ApiDependencies): Promise<void> {
  const options = { leastFree: config.leastFreeBytes };
  await checkDiskSpace(config.home, options);
  // The operator may keep objects on a disk of their own.
  if (config.artifacts.kind === 'disk') await checkDiskSpace(config.artifacts.folder, options);
}
