import type { ActionOptions } from '../../model-types/contract/servedModel';
import { ItemRequest } from './itemRequest';

describe('ItemRequest', () => {
  const keyOf = (options: ActionOptions) =>
    new ItemRequest({ items: ['text'], sizeOf: () => 4, options }).optionsKey;

  it('has equal keys for equal options, in whatever order these were given', () => {
    expect(keyOf({ topK: 1, explain: true })).toBe(keyOf({ explain: true, topK: 1 }));
    expect(keyOf({ limit: undefined })).toBe(keyOf({}));
  });

  it('has other keys for other options, also where these are alike', () => {
    const alike = [{}, { limit: null }, { limit: 0 }, { limit: '0' }, { limit: false }, { top: 0 }];
    expect(new Set(alike.map(keyOf)).size).toBe(alike.length);
  });
});
