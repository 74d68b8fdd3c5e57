import { checkDiskSpace } from '../../../src/data/uploads';
import type { ApiDependencies } from '../../dependencies';

/** Before anything is accepted that ends on this machine's disk: 507 when it is nearly full. */
export async function requireDiskSpace({ config }: ApiDependencies): Promise<void> {
  await checkDiskSpace(config.home);
}
