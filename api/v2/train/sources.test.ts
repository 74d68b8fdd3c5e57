import { planSources } from './sources';

/** What is wrong with a local path when `/srv/data` is the one folder that may be read. */
function problemsOf(path: string): string[] {
  const errors: string[] = [];
  planSources([{ path, location: 'local' }], 'train', ['/srv/data'], errors);
  return errors;
}

describe('a local path', () => {
  it.each(['/srv/data', '/srv/data/mails/a.csv', '/srv/data/../data/a.csv'])(
    'below an allowed folder is taken, whether it exists or not: %s',
    (path) => expect(problemsOf(path)).toEqual([]),
  );

  it.each(['/etc/passwd', '/srv/data/../secret', '/srv/database', 'data/a.csv', '../a.csv'])(
    'anywhere else is refused with the request: %s',
    (path) =>
      expect(problemsOf(path)).toEqual([
        `data.supervised_files[0]: local path "${path}" is not under a folder that this server allows (TRAINYARD_LOCAL_ROOTS)`,
      ]),
  );
});
