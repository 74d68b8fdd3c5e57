import { getResolvedPDFJS } from 'unpdf';
import type { TrainyardError } from '../../errors';
import { unreadable } from './documentText';
import type { Pdf } from './pdfOpen';

/** Pages that are looked at; the others are like them. */
const lookedAt = 10;

/**
 * Why nothing was read from a PDF: its pages are pictures, or they write text that cannot be told, or nothing.
 *
 * @param nameless characters came out, and none of them has a meaning
 */
export async function lookForText(pdf: Pdf, nameless: boolean): Promise<TrainyardError> {
  const found = nameless ? { text: true, pictures: false } : await drawn(pdf);
  if (found.text) {
    return unreadable(
      'pdf_text_unknown',
      'the PDF holds text in fonts that do not say which characters they show; save it again with ' +
        'its fonts embedded, or recognise the text (OCR)',
    );
  }
  if (found.pictures) {
    return unreadable(
      'pdf_without_text',
      'the PDF holds pictures and no text, as scanned pages do; recognise the text first (OCR)',
    );
  }
  return unreadable('pdf_without_text', 'the PDF holds no text: its pages are empty or drawings');
}

/** What the pages draw. A page that cannot be looked at draws nothing. */
async function drawn(pdf: Pdf): Promise<{ text: boolean; pictures: boolean }> {
  const { OPS } = await getResolvedPDFJS();
  const text = [OPS.showText, OPS.showSpacedText, OPS.nextLineShowText];
  const pictures = [
    ...[OPS.paintImageXObject, OPS.paintInlineImageXObject, OPS.paintImageMaskXObject],
    ...[OPS.paintImageXObjectRepeat, OPS.paintImageMaskXObjectGroup, OPS.paintSolidColorImageMask],
  ];
  const seen = new Set<number>();
  for (let number = 1; number <= Math.min(pdf.numPages, lookedAt); number++) {
    try {
      const page = await pdf.getPage(number);
      const { fnArray } = await page.getOperatorList();
      for (const operator of fnArray) seen.add(operator);
      page.cleanup();
    } catch {
      continue;
    }
  }
  const any = (operators: readonly number[]): boolean => operators.some((one) => seen.has(one));
  return { text: any(text), pictures: any(pictures) };
}
