import { getDocumentProxy } from 'unpdf';
import { messageOf } from '../../errors';
import { documentLimits, type DocumentReader, unreadable } from './documentText';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Where the end mark must stand; some writers leave rubbish after it. */
const endBytes = 64 << 10;

/** PDF files with text. Scanned pages have none: there is no optical recognition here. */
export const pdfReader: DocumentReader = {
  extensions: ['.pdf'],
  async read(bytes) {
    if (!bytes.subarray(0, 1024).includes('%PDF-')) {
      throw unreadable('not_pdf', 'the file is not a PDF: it does not start with %PDF-');
    }
    if (!bytes.subarray(-endBytes).includes('%%EOF')) {
      throw unreadable('pdf_truncated', 'the PDF is cut off: its end is missing');
    }
    const pdf = await open(bytes);
    try {
      const warnings: string[] = [];
      const text = await readPages(pdf, warnings);
      if (text.trim() === '') {
        throw unreadable(
          'pdf_without_text',
          'the PDF holds no text, as when its pages are scanned pictures; recognise the text first (OCR)',
        );
      }
      return { text, charset: null, warnings };
    } finally {
      await pdf.loadingTask.destroy();
    }
  },
};

async function open(bytes: Buffer): Promise<Pdf> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      isEvalSupported: false,
      maxImageSize: 1 << 20,
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw unreadable('pdf_encrypted', 'the PDF is encrypted; save it without a password');
    }
    throw unreadable('pdf_damaged', `the PDF is damaged: ${firstLine(messageOf(error))}`);
  }
}

async function readPages(pdf: Pdf, warnings: string[]): Promise<string> {
  const pages = Math.min(pdf.numPages, documentLimits.pages);
  if (pages < pdf.numPages)
    warnings.push(`only the first ${pages} of ${pdf.numPages} pages were read`);
  const texts: string[] = [];
  let length = 0;
  let broken = 0;
  for (let number = 1; number <= pages && length < documentLimits.characters; number++) {
    try {
      const text = await readPage(pdf, number);
      texts.push(text);
      length += text.length;
    } catch (error) {
      if (broken++ === 0)
        warnings.push(`page ${number} is damaged: ${firstLine(messageOf(error))}`);
    }
  }
  if (broken === pages) throw unreadable('pdf_damaged', `the PDF is damaged: ${warnings.at(-1)!}`);
  return texts.join('\n\n');
}

async function readPage(pdf: Pdf, number: number): Promise<string> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  let text = '';
  for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str;
  return text;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.slice(0, 120);
}
