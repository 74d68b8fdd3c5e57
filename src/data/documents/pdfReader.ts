import { messageOf } from '../../errors';
import { counted } from '../../support/words';
import { documentLimits, type DocumentReader, unreadable } from './documentText';
import { openPdf, type Pdf } from './pdfOpen';
import { lookForText } from './pdfWithoutText';

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
    const pdf = await openPdf(bytes);
    try {
      const warnings: string[] = [];
      const text = await readPages(pdf, warnings);
      const nameless = namelessShare(text);
      if (text.trim() === '' || nameless === 1) throw await lookForText(pdf, nameless === 1);
      if (nameless > 0.05) {
        const percent = Math.round(nameless * 100);
        warnings.push(
          `${percent} % of its characters are in fonts that do not say which characters they are`,
        );
      }
      return { text, charset: null, warnings };
    } finally {
      await pdf.loadingTask.destroy();
    }
  },
};

async function readPages(pdf: Pdf, warnings: string[]): Promise<string> {
  const pages = Math.min(pdf.numPages, documentLimits.pages);
  if (pages < pdf.numPages)
    warnings.push(`only the first ${pages} of ${pdf.numPages} pages were read`);
  const texts: string[] = [];
  let length = 0;
  let broken = 0;
  let empty = 0;
  for (let number = 1; number <= pages && length < documentLimits.characters; number++) {
    try {
      const text = await readPage(pdf, number);
      texts.push(text);
      length += text.length;
      if (text.trim() === '') empty++;
    } catch (error) {
      if (broken++ === 0)
        warnings.push(`page ${number} is damaged: ${firstLine(messageOf(error))}`);
    }
  }
  if (broken === pages) throw unreadable('pdf_damaged', `the PDF is damaged: ${warnings.at(-1)!}`);
  if (broken > 1) {
    warnings.push(counted(broken - 1, 'more page is damaged', 'more pages are damaged'));
  }
  if (length > 0 && 2 * empty > texts.length) {
    warnings.push(`${empty} of ${texts.length} pages hold no text`);
  }
  return texts.join('\n\n');
}

async function readPage(pdf: Pdf, number: number): Promise<string> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  let text = '';
  for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str;
  // A word that goes on in the next line. One that has a hyphen of its own there loses it, as in other readers.
  return text.replace(/(\p{L})-\n(\p{Ll})/gu, '$1$2');
}

/** Share of the characters that are none: control codes, private ones, and the replacement. */
function namelessShare(text: string): number {
  const characters = text.replace(/\s+/g, '');
  const nameless = characters.match(/[\p{Cc}\p{Co}\ufffd]/gu)?.length ?? 0;
  return nameless === 0 ? 0 : nameless / Array.from(characters).length;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.slice(0, 120);
}
