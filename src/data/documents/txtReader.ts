import { decodeText } from '../charset/decode';
import { detectCharsetOf } from '../charset/detect';
import { type DocumentReader, unreadable } from './documentText';

/** Plain text in any charset. */
export const txtReader: DocumentReader = {
  extensions: ['.txt'],
  read(bytes) {
    const charset = detectCharsetOf(bytes);
    const text = decodeText(bytes, charset);
    if (text.includes('\0')) {
      return Promise.reject(unreadable('not_text', 'the file holds NUL bytes: it is not a text'));
    }
    const warnings = charset.damaged ? [`some bytes are not ${charset.name}`] : [];
    return Promise.resolve({ text, charset: charset.name, warnings });
  },
};
