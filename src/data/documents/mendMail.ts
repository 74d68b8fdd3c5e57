/** A mail whose body could not be found, written as it was meant, and what was amiss with it. */
export interface MendedMail {
  bytes: Buffer;
  remark: string;
}

/** Bytes in which the head of a mail ends; larger heads are refused. */
const headBytes = 1 << 20;

/**
 * Finds the body of a mail in which the boundary of the parts, or the blank line before the body, is missing.
 * Undefined when neither is so.
 */
export function mendMail(bytes: Buffer): MendedMail | undefined {
  const start = bytes.toString('latin1', 0, headBytes);
  return withBoundary(bytes, start) ?? withBlankLine(bytes, start);
}

/** The first line of the body is the boundary; the first of two headers of one name counts. */
function withBoundary(bytes: Buffer, start: string): MendedMail | undefined {
  const type = /^content-type:\s*(multipart\/[\w.+-]+)/im.exec(start)?.[1];
  const boundary = /\r?\n\r?\n\s*--([^\r\n]{1,70}?)[ \t]*\r?\n/.exec(start)?.[1];
  if (type === undefined || boundary === undefined || boundary.includes('"')) return undefined;
  const header = Buffer.from(`Content-Type: ${type}; boundary="${boundary}"\r\n`, 'latin1');
  return {
    bytes: Buffer.concat([header, bytes]),
    remark: 'its header does not name the boundary of its parts; that of its first part was taken',
  };
}

/** The first line that is no header starts the body. */
function withBlankLine(bytes: Buffer, start: string): MendedMail | undefined {
  const lines = start.matchAll(/[^\n]*\n?/g);
  for (const { 0: line, index } of lines) {
    const header = /^[!-9;-~]+[ \t]*:|^[ \t]+\S|^From /.test(line);
    if (header) continue;
    if (index === 0 || line.trim() === '') return undefined;
    return {
      bytes: Buffer.concat([bytes.subarray(0, index), Buffer.from('\r\n'), bytes.subarray(index)]),
      remark:
        'no blank line stands before its body; the first line that is no header was taken as its start',
    };
  }
  return undefined;
}
