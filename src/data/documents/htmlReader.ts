import { isUtf8 } from 'node:buffer';
import { compile } from 'html-to-text';
import iconv from 'iconv-lite';
import { decodeText } from '../charset/decode';
import { detectCharsetOf, type Charset } from '../charset/detect';
import { documentLimits, type DocumentReader } from './documentText';

// Only text counts: no links, images or layout. Limits keep hostile markup from running away.
const convert = compile({
  wordwrap: false,
  limits: {
    maxInputLength: documentLimits.fileBytes,
    maxDepth: 200,
    maxBaseElements: 1,
    maxChildNodes: 1_000_000,
  },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    ...['img', 'script', 'style', 'noscript', 'template', 'svg'].map((selector) => ({
      selector,
      format: 'skip',
    })),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
});

/** The visible text of HTML. Scripts are dropped, never run. */
export function htmlToText(html: string): string {
  return convert(html);
}

/** Saved web pages, in the charset that they declare or that their bytes show. */
export const htmlReader: DocumentReader = {
  extensions: ['.html', '.htm'],
  read(bytes) {
    const charset = charsetOf(bytes);
    const text = htmlToText(decodeText(bytes, charset));
    return Promise.resolve({ text, charset: charset.name, warnings: [] });
  },
};

/** Bytes that are UTF-8 or carry a mark are trusted over what the page says of itself. */
function charsetOf(bytes: Buffer): Charset {
  const detected = detectCharsetOf(bytes);
  if (isUtf8(bytes) || detected.bom > 0) return detected;
  const head = bytes.toString('latin1', 0, 4096);
  const declared = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i
    .exec(head)?.[1]
    ?.toLowerCase();
  if (declared === undefined || declared === 'utf-8' || !iconv.encodingExists(declared)) {
    return detected;
  }
  return { name: declared, bom: 0, damaged: false };
}
