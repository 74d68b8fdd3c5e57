import { createInterface } from 'node:readline';

/** What a process can be asked: a name, and what follows it on the line. */
export type Questions = Record<string, (argument: string) => unknown>;

/** Answers each line of standard input with a line until there are no more. Knows `peak` by itself. */
export async function answerLines(questions: Questions): Promise<void> {
  const all: Questions = { peak: peakMb, ...questions };
  for await (const line of createInterface({ input: process.stdin })) {
    const [name = '', ...argument] = line.split(' ');
    process.stdout.write(`${String(await all[name]!(argument.join(' ')))}\n`);
  }
}

/** The most memory that this process has had, in MB. */
function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
