import { buffer } from 'node:stream/consumers';
import { fromBufferPromise, type ZipFile } from 'yauzl';
import { messageOf, TrainyardError } from '../../errors';
import { documentLimits, overLimit, unreadable } from './documentText';

/**
 * The entries of an archive in memory that are wanted, unzipped. A zip bomb is refused before it is unzipped: the
 * sizes that the archive declares must stay within the limits, and no entry may hold more than it declares.
 */
export async function readZip(bytes: Buffer, wanted: RegExp): Promise<Map<string, Buffer>> {
  const zip = await open(bytes);
  try {
    if (zip.entryCount > documentLimits.zipEntries) {
      throw overLimit(
        `the archive has ${zip.entryCount} entries (limit ${documentLimits.zipEntries})`,
      );
    }
    return await readEntries(zip, wanted);
  } catch (error) {
    if (error instanceof TrainyardError) throw error;
    throw unreadable(
      'zip_damaged',
      `the archive inside is damaged: ${messageOf(error).slice(0, 120)}`,
    );
  } finally {
    zip.close();
  }
}

async function open(bytes: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(bytes, { validateEntrySizes: true });
  } catch (error) {
    throw unreadable(
      'zip_damaged',
      `the file is not a whole Word document: ${messageOf(error).slice(0, 120)}`,
    );
  }
}

async function readEntries(zip: ZipFile, wanted: RegExp): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    if (!wanted.test(entry.fileName)) continue;
    total += entry.uncompressedSize;
    if (total > documentLimits.unzippedBytes) {
      const limit = documentLimits.unzippedBytes >> 20;
      throw overLimit(`the document unzips to more than ${limit} MiB`);
    }
    entries.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return entries;
}
