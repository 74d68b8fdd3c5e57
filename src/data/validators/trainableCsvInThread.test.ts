import type { CsvFile } from './trainableCsv';
import { validateTrainableCsvInThread } from './trainableCsvInThread';

const patienceMs = 60_000;

function csv(name: string, parts: string[]): CsvFile & { opened: number; closed: number } {
  return {
    name,
    bytes: parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0),
    opened: 0,
    closed: 0,
    async *chunks() {
      this.opened++;
      try {
        for (const part of parts) yield await Promise.resolve(Buffer.from(part));
      } finally {
        this.closed++;
      }
    },
  };
}

const rows = Array.from({ length: 5000 }, (_, row) => `text ${row} ș,label ${row % 7}\n`);

describe('a CSV file checked on a thread', () => {
  const { signal } = new AbortController();

  it(
    'gives its labels, and every stream of its bytes is closed',
    async () => {
      const file = csv('a.csv', ['text,labels\n', ...rows]);
      const labels = await validateTrainableCsvInThread([file], 'text', signal);
      expect(labels).toEqual([0, 1, 2, 3, 4, 5, 6].map((label) => `label ${label}`));
      expect(file.opened).toBeGreaterThan(0);
      await until(() => file.closed === file.opened);
    },
    patienceMs,
  );

  it(
    'is read again from its start when its charset was clear before its end',
    async () => {
      const text = Array.from({ length: 50 }, () => `gar\u00e7on na\u00efve,caf\u00e9\n`).join('');
      const file = csv('a.csv', ['text,labels\n']);
      file.bytes = 10_000_000;
      file.chunks = async function* () {
        file.opened++;
        try {
          yield await Promise.resolve(Buffer.from('text,labels\n'));
          for (let i = 0; i < 4000; i++) yield await Promise.resolve(Buffer.from(text, 'latin1'));
        } finally {
          file.closed++;
        }
      };
      expect(await validateTrainableCsvInThread([file], 'text', signal)).toEqual(['caf\u00e9']);
      expect(file.opened).toBeGreaterThan(1);
      await until(() => file.closed === file.opened);
    },
    patienceMs,
  );

  it(
    'leaves the event loop free while a quote that is never closed is looked for',
    async () => {
      const file = csv('a.csv', ['text,labels\n', '"never closed, x\n', ...rows, ...rows, ...rows]);
      let turns = 0;
      const turning = setInterval(() => turns++, 1);
      const check = validateTrainableCsvInThread([file], 'text', signal).catch(() => undefined);
      await check;
      clearInterval(turning);
      expect(turns).toBeGreaterThan(5);
    },
    patienceMs,
  );

  it(
    'is refused with the status, code and words of the check',
    async () => {
      const check = validateTrainableCsvInThread([csv('a.csv', ['a,b\n1,2\n'])], 'text', signal);
      await expect(check).rejects.toMatchObject({
        name: 'TrainyardError',
        status: 422,
        code: 'invalid_columns',
        message: expect.stringContaining('expected exactly text and labels, got') as string,
      });
    },
    patienceMs,
  );

  it(
    'fails with what its bytes fail with',
    async () => {
      const file = csv('a.csv', []);
      file.bytes = 10;
      const away = new Error('the store is away');
      // eslint-disable-next-line require-yield
      file.chunks = async function* () {
        await Promise.resolve();
        throw away;
      };
      await expect(validateTrainableCsvInThread([file], 'text', signal)).rejects.toBe(away);
    },
    patienceMs,
  );

  it(
    'ends with its caller',
    async () => {
      const leaving = new AbortController();
      const file = csv('a.csv', []);
      file.bytes = 10;
      let opened = false;
      // eslint-disable-next-line require-yield
      file.chunks = async function* () {
        opened = true;
        await new Promise(() => undefined);
      };
      const check = validateTrainableCsvInThread([file], 'text', leaving.signal);
      check.catch(() => undefined);
      await until(() => opened);
      leaving.abort();
      await expect(check).rejects.toBe(leaving.signal.reason);
    },
    patienceMs,
  );
});

async function until(reached: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!reached()) {
    if (Date.now() > deadline) throw new Error(`not reached in ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
