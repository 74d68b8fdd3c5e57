import type { Mail } from './mails';

/** A mail that takes no part in the training, to be asked about afterwards. */
export interface KeptBack {
  mail: Mail;
  /** The folder it came from. */
  label: string;
  subject: string;
  /** Subject and body, as the trainer reads e-mails. */
  text: string;
}

/** Where the three come from: two kinds of ham and a spam. */
const sources = ['ham/easy-ham-2', 'ham/hard-ham-1', 'spam/spam-2'];

/** One plain-text mail of each source: the first after the middle, so that none is hand-picked. */
export function keepBack(mails: readonly Mail[]): KeptBack[] {
  return sources.flatMap((source) => {
    const group = mails.filter(({ name }) => name.startsWith(source));
    const found = group.slice(Math.floor(group.length / 2)).map(readPlain);
    return found.find((mail) => mail !== undefined) ?? [];
  });
}

function readPlain(mail: Mail): KeptBack | undefined {
  const content = mail.content.toString('latin1').replaceAll('\r\n', '\n');
  const end = content.indexOf('\n\n');
  const head = content.slice(0, end);
  const subject = /^subject: *(.+)$/im.exec(head)?.[1];
  const type = /^content-type: *([^;\s]+)/im.exec(head)?.[1] ?? 'text/plain';
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(head)?.[1] ?? '7bit';
  if (subject === undefined || type !== 'text/plain' || !/^[78]bit$/i.test(encoding))
    return undefined;
  const text = `${subject}\n\n${content.slice(end).trim()}`;
  return { mail, label: mail.name.split('/')[0]!, subject, text };
}
