import { OpenStreams } from './openStreams';

describe('OpenStreams', () => {
  it('takes so many of each user, and one more when one has ended', () => {
    const streams = new OpenStreams(2);
    const end = streams.begin('ana');
    streams.begin('ana');
    const refusal = { code: 'too_many_event_streams', status: 429, retryAfterSeconds: 5 };
    expect(() => streams.begin('ana')).toThrow(expect.objectContaining(refusal));
    streams.begin('ion');
    end();
    streams.begin('ana');
    expect(() => streams.begin('ana')).toThrow('you have 2 event streams open');
  });

  it('refuses who opens and closes them again and again', () => {
    const streams = new OpenStreams(2);
    for (let i = 0; i < 4; i++) streams.begin('ana')();
    expect(() => streams.begin('ana')).toThrow('more than 4 event streams within 10 seconds');
    streams.begin('ion')();
  });
});
