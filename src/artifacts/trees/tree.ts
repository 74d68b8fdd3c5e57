export { fetchTree, type FetchTreeOptions } from './fetchTree';
export { publishTree } from './publishTree';
export {
  objectRef,
  publishManifest,
  readManifest,
  type TreeFile,
  type TreeManifest,
  type TreeObject,
  type TreeRef,
} from './treeManifest';
export { readTreeFile } from './readTreeFile';
