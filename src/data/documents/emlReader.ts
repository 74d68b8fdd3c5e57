import PostalMime from 'postal-mime';
import { type DocumentReader, unreadable } from './documentText';
import { htmlToText } from './htmlReader';

/** E-mails: the subject, a blank line, the body. Other headers and attachments are left out. */
export const emlReader: DocumentReader = {
  extensions: ['.eml'],
  async read(bytes) {
    const mail = await PostalMime.parse(bytes, { maxNestingDepth: 50, maxHeadersSize: 1 << 20 });
    if (mail.headers.length === 0) {
      throw unreadable('not_mail', 'the file has no mail headers: it is not an e-mail');
    }
    const body = mail.text?.trim() ? mail.text : htmlToText(mail.html ?? '');
    const text = [mail.subject?.trim(), body.trim()].filter(Boolean).join('\n\n');
    return { text, charset: null, warnings: [] };
  },
};
