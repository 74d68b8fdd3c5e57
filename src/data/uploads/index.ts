export { checkDiskSpace, type DiskSpaceOptions } from './diskSpace';
export { saveUpload, type SavedUpload, type SaveUploadOptions } from './saveUpload';
export { uploadChunkSources } from './uploadChunks';
export { fetchUpload, openUpload, readUpload, sourceFiles } from './uploadSourceFiles';
export { UploadsUnderWay } from './uploadsUnderWay';
