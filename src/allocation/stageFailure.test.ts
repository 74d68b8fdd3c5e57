import { TrainyardError } from '../errors';
import { stageFailure } from './stageFailure';

const job = { stage: 'extract', memoryMb: 500 } as const;

/** A system error as Node makes it. */
function systemError(code: string, text: string, path = '/var/lib/my scratch/x'): Error {
  const message = `${code}: ${text}, write '${path}'`;
  return Object.assign(new Error(message), { code, syscall: 'write', path });
}

describe('what is told of a failed stage', () => {
  it('is its own failure, where it has one', () => {
    const error = new TrainyardError('data', 'no_rows', 'no rows to train on in a.csv');
    expect(stageFailure(error, job)).toEqual({
      kind: 'data',
      code: 'no_rows',
      message: 'no rows to train on in a.csv',
    });
  });

  it.each([
    ['an array', new RangeError('Array buffer allocation failed')],
    [
      'a step of a graph',
      new Error(
        'Non-zero status code returned while running Add node. Status Message: /src/bfc_arena.cc:360 Failed to allocate memory for requested buffer of size 201326592',
      ),
    ],
    ['what ONNX Runtime loads', new Error('std::bad_alloc')],
  ])('is that it needs more memory, where %s was too large', (_, error) => {
    expect(stageFailure(error, job)).toMatchObject({ kind: 'limit', code: 'out_of_memory' });
  });

  it.each([
    ['ENOSPC', 'scratch_full', 'no space left on the disk'],
    ['EDQUOT', 'scratch_full', 'no space left on the disk'],
    ['EIO', 'scratch_unusable', 'could not read or write the disk'],
    ['EMFILE', 'too_many_open_files', 'too many files open'],
    ['ENFILE', 'too_many_open_files', 'too many files open'],
  ])('is the fault of the machine for %s, which is tried again', (name, code, message) => {
    const error = systemError(name, 'something of the system');
    for (const given of [error, new Error('wrapped', { cause: error })]) {
      const failure = stageFailure(given, job);
      expect(failure).toMatchObject({ kind: 'infrastructure', code });
      expect(failure.message).toContain(message);
      expect(failure.message).toContain(name);
      expect(failure.message).not.toContain('/var');
    }
  });

  it('names an unexpected error without the paths in it', () => {
    const told = [
      systemError('ENOENT', 'no such file or directory'),
      systemError('EACCES', 'permission denied', "/home/ann's/x y"),
      systemError('EACCES', 'permission denied', 'C:\\Users\\ann'),
      new TypeError("Cannot read properties of undefined (reading 'and/or')"),
      new Error('Load model from /srv/app/model.onnx failed:/build/src/graph.cc:12 (1/2)\n  at x'),
      new Error("Cannot find module '/srv/my app/x.js'\nRequire stack:\n- /srv/app/y.js"),
      new Error('Cannot find file:///srv/app/x.mjs, or "C:\\Program Files\\x"; C:\\x\\y.dll'),
      'a word',
    ].map((error) => stageFailure(error, job));
    for (const { kind, code } of told) expect([kind, code]).toEqual(['bug', 'unexpected_error']);
    const start = 'the extract stage stopped on an unexpected error, of which its log has more: ';
    expect(told.map(({ message }) => message.replace(start, ''))).toEqual([
      "ENOENT: no such file or directory, write '…'",
      "EACCES: permission denied, write '…'",
      "EACCES: permission denied, write '…'",
      "Cannot read properties of undefined (reading 'and/or')",
      'Load model from … failed:… (1/2)',
      'Cannot find module …',
      'Cannot find …, or …; …',
      'a word',
    ]);
  });
});
