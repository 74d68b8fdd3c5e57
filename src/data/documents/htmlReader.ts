import { decodeText } from '../charset/decode';
import { resolveDeclaredCharset } from '../charset/declared';
import type { DocumentReader } from './documentText';
import { htmlToText } from './htmlText';

/** Where a page says what charset it is in; browsers look at less. */
const headBytes = 4096;

/** Saved web pages, in the charset that they declare or that their bytes show. */
export const htmlReader: DocumentReader = {
  extensions: ['.html', '.htm'],
  read(bytes) {
    const { charset, ignored } = resolveDeclaredCharset(declaredCharset(bytes), bytes);
    const text = htmlToText(decodeText(bytes, charset), { title: true });
    const warnings = [
      ...(ignored === undefined ? [] : [ignored]),
      ...(charset.damaged ? [`some bytes are not ${charset.name}`] : []),
    ];
    return Promise.resolve({ text, charset: charset.name, warnings });
  },
};

function declaredCharset(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, headBytes).replace(/<!--.*?-->/gs, '');
  const meta = /<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([^\s"'/>;]{1,40})/i;
  return meta.exec(head)?.[1] ?? /^<\?xml[^>]{0,200}encoding=["']([^"']{1,40})/.exec(head)?.[1];
}
