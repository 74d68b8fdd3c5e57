import { extractRawText } from 'mammoth';
import { messageOf } from '../../errors';
import { type DocumentReader, unreadable } from './documentText';
import { assertUnzippable } from './zipCheck';

/** Word documents: paragraphs, lists, tables and notes as plain text. */
export const docxReader: DocumentReader = {
  extensions: ['.docx'],
  async read(bytes) {
    if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
      throw unreadable(
        'docx_encrypted',
        'the document is encrypted or in the old .doc format; save it as .docx without a password',
      );
    }
    await assertUnzippable(bytes, /\.(xml|rels)$/i);
    try {
      const { value } = await extractRawText({ buffer: bytes });
      return { text: value, charset: null, warnings: [] };
    } catch (error) {
      throw unreadable(
        'docx_damaged',
        `the Word document is damaged: ${messageOf(error).slice(0, 120)}`,
      );
    }
  },
};
