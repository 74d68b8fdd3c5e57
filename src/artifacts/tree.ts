export { fetchTree, type FetchTreeOptions } from './fetchTree';
export { publishTree } from './publishTree';
export type { TreeRef } from './treeManifest';
