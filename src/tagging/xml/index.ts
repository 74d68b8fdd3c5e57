export { locate, type XmlSpan } from './locate';
export { readXml, type XmlText } from './readXml';
export { XmlError } from './xmlError';
export type { XmlPiece } from './xmlPiece';
