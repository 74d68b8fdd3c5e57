import { redirected } from './request';

describe('a redirect', () => {
  it.each([
    ['https://hub.example/a/b', 'https://cdn.example/x?y=z', 'https://cdn.example/x?y=z'],
    ['https://hub.example/a/b', '/c', 'https://hub.example/c'],
    ['https://hub.example/a/b', '//cdn.example/c', 'https://cdn.example/c'],
    ['http://127.0.0.1:8080/a', 'c', 'http://127.0.0.1:8080/c'],
    ['http://127.0.0.1:8080/a', 'https://cdn.example/c', 'https://cdn.example/c'],
  ])('from %s to %s is followed', (from, location, to) => {
    expect(redirected(new URL(from), location).href).toBe(to);
  });

  it.each([
    ['https://hub.example/a', 'http://hub.example/a', 'from https:// to http:// is not followed'],
    ['https://hub.example/a', 'http://127.0.0.1/a', 'from https:// to http:// is not followed'],
    ['http://127.0.0.1/a', 'file:///etc/hostname', 'from http:// to file:// is not followed'],
    ['https://hub.example/a', 'data:text/plain,x', 'from https:// to data:// is not followed'],
  ])('from %s to %s is not', (from, location, message) => {
    expect(() => redirected(new URL(from), location)).toThrow(message);
  });
});
