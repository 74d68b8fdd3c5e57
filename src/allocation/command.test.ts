import { allocationCommand } from './command';

test('on Linux an allocation dies with its parent and has a bounded data segment', () => {
  const { command, args } = allocationCommand('/child.js', 1000, 2, 'linux');
  const line = [command, ...args].join(' ');
  expect(line).toMatch(/setpriv --pdeathsig KILL -- .*prlimit --data=\d+ -- /);
  expect(line).toContain('--max-old-space-size=1000');
  expect(Number(/--data=(\d+)/.exec(line)![1])).toBeGreaterThan(1000 * 1024 * 1024);
});

test('elsewhere it is plain Node', () => {
  const { command, args } = allocationCommand('/child.js', 1000, 2, 'darwin');
  expect(command).toBe(process.execPath);
  expect(args.at(-1)).toBe('/child.js');
});
