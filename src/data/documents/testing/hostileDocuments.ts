import { deflateSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** Makers of small and hostile documents for tests. */

interface PdfParts {
  /** One line of text per page. */
  pages: string[];
  /** Names the first page this many times in the page tree. */
  repeat?: number;
  encrypted?: boolean;
  /** A page whose content is this, under FlateDecode twice. */
  stream?: Buffer;
}

export function buildPdf({ pages, repeat = 1, encrypted = false, stream }: PdfParts): Buffer {
  const contents = pages.map((text) => plainStream(`BT /F1 12 Tf 72 720 Td (${text}) Tj ET`));
  if (stream) contents.push(filteredStream(stream));
  const first = 4;
  const kids = contents.map((_, i) => `${first + 2 * i} 0 R`);
  const tree = [...kids, ...Array.from({ length: repeat - 1 }, () => kids[0]!)];
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Kids [${tree.join(' ')}] /Count ${tree.length} >>`),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
  ];
  contents.forEach((content, i) => {
    const resources = '/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 612 792]';
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R ${resources} /Contents ${first + 2 * i + 1} 0 R >>`,
      ),
      content,
    );
  });
  return assemble(objects, encrypted);
}

function assemble(objects: Buffer[], encrypted: boolean): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  objects.forEach((object, i) => {
    offsets.push(length);
    const whole = Buffer.concat([
      Buffer.from(`${i + 1} 0 obj\n`),
      object,
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(whole);
    length += whole.length;
  });
  const hex = '00'.repeat(32);
  const lock = encrypted
    ? ` /Encrypt << /Filter /Standard /V 1 /R 2 /O <${hex}> /U <${hex}> /P -4 >> /ID [<00> <00>]`
    : '';
  const entries = offsets.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${entries}` +
        `trailer\n<< /Size ${size} /Root 1 0 R${lock} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

function plainStream(content: string): Buffer {
  return Buffer.from(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
}

function filteredStream(content: Buffer): Buffer {
  const twice = deflateSync(content);
  return Buffer.concat([
    Buffer.from(`<< /Length ${twice.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n`),
    twice,
    Buffer.from('\nendstream'),
  ]);
}

/** So many spaces, deflated. */
export function deflated(bytes: number): Buffer {
  const block = Buffer.alloc(1 << 20, ' ');
  return deflateSync(Buffer.concat(Array.from({ length: bytes / block.length }, () => block)), {
    level: 1,
  });
}

/**
 * A Word document with this body.
 *
 * @param others content of further parts by their kind, such as `footnotes` or `header`
 */
export async function buildDocx(
  body: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
  const parts = [
    [
      'document',
      'document.main',
      `<w:document xmlns:w="${word}"><w:body>${body}</w:body></w:document>`,
    ],
    ...Object.entries(others).map(
      ([kind, content]) => [kind, kind, `<w:x xmlns:w="${word}">${content}</w:x>`] as const,
    ),
  ] as const;
  const overrides = parts.map(
    ([name, kind]) => `<Override PartName="/word/${name}.xml" ContentType="${type}.${kind}+xml"/>`,
  );
  zip.addBuffer(
    Buffer.from(`<Types xmlns="${types}">${overrides.join('')}</Types>`),
    '[Content_Types].xml',
  );
  for (const [name, , content] of parts) zip.addBuffer(Buffer.from(content), `word/${name}.xml`);
  zip.end();
  return buffer(zip.outputStream);
}

interface PdfFont {
  /** Name of a character map that comes with the reader, not with the document. */
  encoding: string;
  /** The characters that Adobe has of that language: `Japan1`, `GB1`, `CNS1`, `Korea1`. */
  ordering: string;
  /** The text, as the map encodes it. */
  hex: string;
}

/** A PDF of one line in a font that it names and does not hold. */
export function buildCjkPdf({ encoding, ordering, hex }: PdfFont): Buffer {
  const descriptor =
    '/FontDescriptor << /Type /FontDescriptor /FontName /F /Flags 4 /FontBBox [0 -200 1000 900] ' +
    '/ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>';
  const system = `/CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >>`;
  const descendant = `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /F ${system} ${descriptor} >>`;
  const font = `<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /${encoding} /DescendantFonts [${descendant}] >>`;
  return onePage(plainStream(`BT /F1 14 Tf 72 700 Td <${hex}> Tj ET`), `/Font << /F1 ${font} >>`);
}

/** A PDF of one page that shows nothing but a picture. */
export function buildPicturePdf(): Buffer {
  const picture = 'q 100 0 0 100 72 600 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q';
  return onePage(plainStream(picture), '');
}

/** A PDF whose font is drawn by procedures and does not say which characters it shows. */
export function buildNamelessPdf(): Buffer {
  const glyph = '<< /Length 24 >>\nstream\n500 0 d0 0 0 400 500 re f\nendstream';
  const encoding = '/Encoding << /Type /Encoding /Differences [1 /g1 /g2] >>';
  const font =
    '<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 500] /FontMatrix [0.001 0 0 0.001 0 0] ' +
    `/FirstChar 1 /LastChar 2 /Widths [500 500] ${encoding} /CharProcs << /g1 5 0 R /g2 5 0 R >> >>`;
  const page = plainStream('BT /F1 14 Tf 72 700 Td <01020201> Tj ET');
  return onePage(page, `/Font << /F1 ${font} >>`, Buffer.from(glyph));
}

function onePage(content: Buffer, resources: string, ...more: Buffer[]): Buffer {
  const page = `/Resources << ${resources} >> /MediaBox [0 0 612 792] /Contents 4 0 R`;
  return assemble(
    [
      Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
      Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
      Buffer.from(`<< /Type /Page /Parent 2 0 R ${page} >>`),
      content,
      ...more,
    ],
    false,
  );
}

/** Writes another unzipped size of an entry into the archive's directory. */
export function lieAboutSize(zip: Buffer, name: string, bytes: number): Buffer {
  const lie = Buffer.from(zip);
  const directory = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = lie.indexOf(directory); at !== -1; at = lie.indexOf(directory, at + 4)) {
    const length = lie.readUInt16LE(at + 28);
    if (lie.toString('utf8', at + 46, at + 46 + length) === name) lie.writeUInt32LE(bytes, at + 24);
  }
  return lie;
}
