import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { getDocumentProxy } from 'unpdf';
import { messageOf } from '../../errors';
import { unreadable } from './documentText';

export type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Where pdf.js finds what a PDF may name without holding it; `pdfjs-dist` is here for these files alone. */
const assets = dirname(createRequire(__filename).resolve('pdfjs-dist/package.json'));
const folder = (name: string): string => join(assets, name) + sep;

/** Opens a PDF whose character maps (Chinese, Japanese, Korean) and standard fonts come with the product. */
export async function openPdf(bytes: Buffer): Promise<Pdf> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      isEvalSupported: false,
      maxImageSize: 1 << 20,
      cMapUrl: folder('cmaps'),
      cMapPacked: true,
      standardFontDataUrl: folder('standard_fonts'),
      useSystemFonts: false,
      disableFontFace: true,
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw unreadable('pdf_encrypted', 'the PDF is encrypted; save it without a password');
    }
    const reason = messageOf(error).split('\n', 1)[0]!.slice(0, 120);
    throw unreadable('pdf_damaged', `the PDF is damaged: ${reason}`);
  }
}
