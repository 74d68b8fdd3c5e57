export { item } from './item';
export { datasetSchema, rowsOf } from './datasets';
export { baseModel, encoderFolder } from './models';
export { outputOf, outputsOf } from './outputs';
export { sourceFiles } from './sourceFiles';
export { embeddingShards, textsOfShard } from './textShards';
