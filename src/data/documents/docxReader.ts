import { messageOf, TrainyardError } from '../../errors';
import { type DocumentReader, unreadable } from './documentText';
import { WordText } from './wordText';
import { readZip } from './zipEntries';

/** Parts of a Word document that hold text, in the order in which they are read. */
const parts = ['header', 'document', 'footnotes', 'endnotes', 'footer'] as const;

/**
 * Word documents: body, tables, lists, text boxes, equations, results of fields, headers and footers (each
 * text once), footnotes and endnotes. Comments and deleted text are remarks on the text and left out;
 * what is embedded (pictures, other files) is named in a warning or holds no text.
 */
export const docxReader: DocumentReader = {
  extensions: ['.docx'],
  async read(bytes) {
    if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
      throw unreadable(
        'docx_encrypted',
        'the document is encrypted or in the old .doc format; save it as .docx without a password',
      );
    }
    const files = await readZip(bytes, /\.xml$/i);
    const byKind = partsOf(files.get('[Content_Types].xml'));
    if (!byKind.has('document')) {
      throw unreadable('docx_damaged', 'the archive holds no Word document');
    }
    const texts = new Set<string>();
    const ignored = new Set<string>();
    for (const kind of parts) {
      for (const name of byKind.get(kind) ?? []) {
        const content = files.get(name);
        if (content) texts.add(readPart(content, ignored).trim());
      }
    }
    if (byKind.has('comments')) ignored.add('comments');
    const text = [...texts].filter((part) => part !== '').join('\n\n');
    const warnings = ignored.size > 0 ? [`left out: ${[...ignored].join(', ')}`] : [];
    return { text, charset: null, warnings };
  },
};

/** Names of the parts of each kind, as the archive's list of content types gives them. */
function partsOf(types: Buffer | undefined): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [override] of (types?.toString('utf8') ?? '').matchAll(
    /<(?:\w+:)?Override\s[^>]*>/g,
  )) {
    const name = /PartName\s*=\s*["']\/?([^"']+)/.exec(override)?.[1];
    const type = /ContentType\s*=\s*["']([^"']+)/.exec(override)?.[1] ?? '';
    const kind = /(?:\.|\/)(\w+?)(?:\.main|Template\.main)?\+xml$/.exec(type)?.[1];
    const main =
      /(?:document|template)(?:\.macroEnabledTemplate|\.macroEnabled)?\.main\+xml$/i.test(type);
    if (name === undefined || kind === undefined) continue;
    const key = main ? 'document' : kind;
    found.set(key, [...(found.get(key) ?? []), name]);
  }
  return found;
}

function readPart(content: Buffer, ignored: Set<string>): string {
  try {
    return new WordText(ignored).read(content.toString('utf8'));
  } catch (error) {
    if (error instanceof TrainyardError) throw error;
    const reason = messageOf(error).split('\n', 1)[0]!.slice(0, 120);
    throw unreadable('docx_damaged', `the Word document is damaged: ${reason}`);
  }
}
