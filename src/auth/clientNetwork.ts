import { isIPv6 } from 'node:net';

/**
 * What attempts are counted by: an IPv4 address, or the /64 of an IPv6 address, as whoever has one
 * address there has all of them.
 * @param address in its shortest spelling
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [front = '', back = ''] = address.split('::');
  const [first, last] = [front, back].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(Math.max(0, 8 - first!.length - last!.length)).fill('0');
  return `${[...first!, ...zeros, ...last!].slice(0, 4).join(':')}::/64`;
}
