export { checkDiskSpace, type DiskSpaceOptions } from './diskSpace';
export { saveUpload, type SavedUpload, type SaveUploadOptions } from './saveUpload';
export { openUpload, uploadHash, uploadSourceFiles } from './uploadSourceFiles';
