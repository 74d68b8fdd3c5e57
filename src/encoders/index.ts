export { addEncoder, type EncoderPlaces } from './addEncoder';
export { addFromFolder, addFromHub, type AddOptions } from './addFrom';
export { contentHash } from './contentHash';
export { loadEncoder, type LoadedEncoder } from './encoderFolder';
export { encoderNotFound } from './encoderName';
export { materializeEncoder } from './materializeEncoder';
export { removeEncoder } from './removeEncoder';
