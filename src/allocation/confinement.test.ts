import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocationCommand } from './command';
import { confine, confinement, type Confinement } from './confinement';

jest.setTimeout(120_000);

const here = confinement();

const ways = (['namespaces', 'permissions'] as const).slice(
  { namespaces: 0, permissions: 1, nothing: 2 }[here.by],
);

test('says in one line what holds on this machine', () => {
  const said = {
    namespaces: /no network/,
    permissions: /network is open: \S/,
    nothing: /all that their worker can: \S/,
  };
  expect(here.detail).toMatch(said[here.by]);
});

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'confinement-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inside = (name: string): string => join(folder, 'attempt', name);

/** Runs a script as an allocation is run; it prints one JSON value. */
function run(script: string, by: Confinement['by']): Record<string, string> {
  for (const name of ['inputs', 'outputs', 'checkpoints'])
    mkdirSync(inside(name), { recursive: true });
  writeFileSync(inside('inputs/script.js'), script);
  const outputs = inside('outputs');
  const folders = {
    root: inside('root'),
    inputs: inside('inputs'),
    work: outputs,
    writable: [outputs, inside('checkpoints')],
  };
  const line = allocationCommand(inside('inputs/script.js'), 500, 1);
  const { command, args } = confine(line, folders, by);
  const env = { PATH: process.env.PATH };
  const done = spawnSync(command, args, { cwd: outputs, env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as Record<string, string>;
}

/** Prints for each expression `ok`, or the code with which the system refused it. */
function attempts(tried: Record<string, string>): string {
  const each = Object.entries(tried).map(
    ([name, expression]) =>
      `try { ${expression}; result.${name} = 'ok'; } catch (e) { result.${name} = e.code; }`,
  );
  return `const fs = require('fs'); const result = {};\n${each.join('\n')}\n`;
}

const print = 'console.log(JSON.stringify(result));';
const withNamespaces = here.by === 'namespaces' ? test : test.skip;

test.each(['nothing', ...ways] as const)('by %s an allocation works in its folders', (by) => {
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'elsewhere', 'model'), 'weights');
  mkdirSync(inside('inputs'), { recursive: true });
  symlinkSync(join(folder, 'elsewhere'), inside('inputs/encoder'));
  const result = run(
    attempts({
      link: `fs.readFileSync(${JSON.stringify(inside('inputs/encoder/model'))})`,
      output: `fs.writeFileSync('made', 'x')`,
      checkpoint: `fs.writeFileSync(${JSON.stringify(inside('checkpoints/1'))}, 'x')`,
    }) + print,
    by,
  );
  expect(result).toEqual({ link: 'ok', output: 'ok', checkpoint: 'ok' });
  expect(readFileSync(inside('outputs/made'), 'utf8')).toBe('x');
  expect(existsSync(inside('checkpoints/1'))).toBe(true);
});

test.each(ways)('by %s an allocation reads and writes nothing but its own', (by) => {
  writeFileSync(join(folder, 'secret'), 'x');
  mkdirSync(join(folder, 'attempt-of-another'));
  const path = (name: string): string => JSON.stringify(join(folder, name));
  const result = run(
    attempts({
      secret: `fs.readFileSync(${path('secret')})`,
      others: `fs.readdirSync(${path('attempt-of-another')})`,
      checkout: `fs.readFileSync(${JSON.stringify(join(process.cwd(), 'README.md'))})`,
      environment: `fs.readFileSync('/proc/${process.pid}/environ')`,
      throughParent: `fs.readdirSync('/proc/${process.pid}/root/')`,
      inputs: `fs.writeFileSync(${JSON.stringify(inside('inputs/more'))}, 'x')`,
      code: `fs.appendFileSync(${JSON.stringify(__filename)}, '')`,
    }) + print,
    by,
  );
  const refused = new Set(['ENOENT', 'EACCES', 'EROFS', 'ERR_ACCESS_DENIED']);
  const got = Object.entries(result).filter(([, code]) => !refused.has(code));
  expect(got).toEqual([]);
});

withNamespaces(
  'by namespaces an allocation talks to neither this machine nor another',
  async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const script = `
    const result = {}; let left = 2;
    const note = (name, value) => { result[name] = value; if (--left === 0) { ${print} } };
    for (const [name, host, port] of [['here', '127.0.0.1', ${port}], ['away', '192.0.2.1', 80]]) {
      const socket = require('net').connect({ host, port });
      socket.on('connect', () => { note(name, 'ok'); socket.destroy(); });
      socket.on('error', (e) => note(name, e.code));
    }`;
    const result = run(script, 'namespaces');
    server.close();
    expect(result).toEqual({ here: 'ENETUNREACH', away: 'ENETUNREACH' });
  },
);
