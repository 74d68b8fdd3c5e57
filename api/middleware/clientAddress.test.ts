import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import Koa, { type Context } from 'koa';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import supertest from 'supertest';
import { clientAddress, clientAddresses } from './clientAddress';
import { requestLog } from './requestLog';

/** The address of a request over a connection from `remoteAddress`. */
function addressOf(
  remoteAddress: string | undefined,
  headers: Record<string, string>,
  trusted: string[] = [],
): string {
  const req = { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
  void clientAddresses(trusted)({ req } as Context, () => Promise.resolve());
  return clientAddress(req);
}

const forwarded = (list: string) => ({ 'x-forwarded-for': list });

describe('clientAddress', () => {
  it('believes nobody by default', () => {
    const headers = { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '7.7.7.7' };
    expect(addressOf('1.2.3.4', headers)).toBe('1.2.3.4');
    expect(addressOf('127.0.0.1', headers)).toBe('127.0.0.1');
  });

  it('believes a proxy that the operator named, and what that one believes from another', () => {
    const trusted = ['10.0.0.0/8', 'fd00::/8'];
    expect(addressOf('10.1.2.3', forwarded('6.6.6.6'), trusted)).toBe('6.6.6.6');
    expect(addressOf('fd00::1', forwarded('6.6.6.6, 10.0.0.9'), trusted)).toBe('6.6.6.6');
    expect(addressOf('::ffff:10.1.2.3', forwarded('6.6.6.6'), trusted)).toBe('6.6.6.6');
    expect(addressOf('11.1.2.3', forwarded('6.6.6.6'), trusted)).toBe('11.1.2.3');
  });

  it('does not believe what a client wrote before its proxy did', () => {
    expect(addressOf('10.1.2.3', forwarded('6.6.6.6, 5.5.5.5'), ['10.0.0.0/8'])).toBe('5.5.5.5');
  });

  it('takes X-Real-Ip of a named proxy that sends nothing else', () => {
    expect(addressOf('10.1.2.3', { 'x-real-ip': '6.6.6.6' }, ['10.1.2.3'])).toBe('6.6.6.6');
    const both = { ...forwarded('5.5.5.5'), 'x-real-ip': '6.6.6.6' };
    expect(addressOf('10.1.2.3', both, ['10.1.2.3'])).toBe('5.5.5.5');
  });

  it('is always an address', () => {
    for (const text of ['6.6.6.6é', 'unknown', '', ' ', '6.6.6.6:80', '"><script>']) {
      expect(addressOf('10.1.2.3', forwarded(text), ['10.1.2.3'])).toBe('10.1.2.3');
      expect(addressOf('10.1.2.3', { 'x-real-ip': text }, ['10.1.2.3'])).toBe('10.1.2.3');
    }
    expect(addressOf(undefined, forwarded('6.6.6.6'), ['loopback'])).toBe('');
  });

  it('has one spelling', () => {
    expect(addressOf('::ffff:1.2.3.4', {})).toBe('1.2.3.4');
    expect(addressOf('fe80::1%eth0', {})).toBe('fe80::1');
    expect(addressOf('2001:DB8:0:0::01', {})).toBe('2001:db8::1');
  });
});

it('stands in the request log', async () => {
  const lines: string[] = [];
  let logged: Promise<unknown> | undefined;
  const app = new Koa();
  app.use(clientAddresses(['loopback']));
  app.use(requestLog(pino({}, { write: (line) => void lines.push(line) }), new Registry()));
  app.use((ctx) => {
    logged = once(ctx.res, 'close');
    ctx.body = clientAddress(ctx.req);
  });
  const ask = supertest(app.callback()).get('/').set('X-Forwarded-For', '6.6.6.6, 5.5.5.5');
  await ask.expect(200, '5.5.5.5');
  await logged;
  expect(JSON.parse(lines[0]!)).toMatchObject({ ip: '5.5.5.5' });
});
