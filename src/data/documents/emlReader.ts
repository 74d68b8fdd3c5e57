import PostalMime, { type Email } from 'postal-mime';
import { detectCharsetOf } from '../charset/detect';
import { type DocumentReader, unreadable } from './documentText';
import { htmlToText } from './htmlText';
import { mendMail } from './mendMail';

/** E-mails: the subject, a blank line, the body. Other headers and attachments are left out. */
export const emlReader: DocumentReader = {
  extensions: ['.eml'],
  async read(bytes) {
    const { mail, mended } = await parse(bytes);
    const body = bodyOf(mail);
    const text = [mail.subject?.trim(), body].filter(Boolean).join('\n\n');
    const warnings = [
      ...(mended === undefined ? [] : [mended]),
      ...(body === '' ? [withoutBody(mail)] : []),
    ];
    const unknown = text.match(/\ufffd/g)?.length ?? 0;
    if (unknown > 0) {
      warnings.push(`${unknown} characters are not in the charset that the mail declares`);
    }
    return { text, charset: null, warnings };
  },
};

async function parse(bytes: Buffer): Promise<{ mail: Email; mended?: string }> {
  const mail = await open(withCharset(bytes));
  if (mail.headers.length === 0) {
    throw unreadable('not_mail', 'the file has no mail headers: it is not an e-mail');
  }
  if (bodyOf(mail) !== '') return { mail };
  const mended = mendMail(bytes);
  if (mended === undefined) return { mail };
  const again = await open(withCharset(mended.bytes));
  return bodyOf(again) === '' ? { mail } : { mail: again, mended: mended.remark };
}

function open(bytes: Buffer): Promise<Email> {
  return PostalMime.parse(bytes, { maxNestingDepth: 50, maxHeadersSize: 1 << 20 });
}

/** A mail that says nothing of charsets or parts is read in that of its bytes, not as UTF-8. */
function withCharset(bytes: Buffer): Buffer {
  const start = bytes.toString('latin1', 0, 1 << 20);
  if (!/^[!-9;-~]+[ \t]*:/.test(start) || /charset|^content-type/im.test(start)) return bytes;
  const { name } = detectCharsetOf(bytes);
  return Buffer.concat([Buffer.from(`Content-Type: text/plain; charset=${name}\r\n`), bytes]);
}

/** The part that says something, as plain text. */
function bodyOf(mail: Email): string {
  const plain = mail.text?.trim() ?? '';
  if (mail.html === undefined) return plain;
  const html = htmlToText(mail.html).trim();
  return plain === '' || isStub(plain, html) ? html : plain;
}

/** Words that a stub has at most; a plain part with more says something of its own. */
const stubWords = 50;

/**
 * Is the plain part no rendering of the message, but a word to those who cannot see HTML, or its first line? Then
 * the other part is longer, and has few of its words or very many more.
 */
function isStub(plain: string, html: string): boolean {
  const words = wordsOf(plain);
  if (words.length > stubWords || html.length <= plain.length) return false;
  const inHtml = new Set(wordsOf(html));
  const shared = words.filter((word) => inHtml.has(word)).length;
  return 2 * shared < words.length || inHtml.size > 5 * words.length;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function withoutBody(mail: Email): string {
  const outlook = mail.attachments.some(
    ({ mimeType, filename }) =>
      /ms-tnef/i.test(mimeType) || filename?.toLowerCase() === 'winmail.dat',
  );
  return outlook
    ? "only its subject was read: the body is in Outlook's winmail.dat (TNEF), which no reader here knows"
    : 'only its subject was read: the mail has no body';
}
