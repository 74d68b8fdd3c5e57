import type { Span } from '../../../tagging/span';
import type { Tokens } from '../../../tagging/tokens';

/** The number of the span that each token has the most characters of, the first of equals; −1: none. */
export function spanOfTokens({ starts, ends }: Tokens, spans: readonly Span[]): Int32Array {
  const found = new Int32Array(starts.length).fill(-1);
  let first = 0;
  for (let token = 0; token < starts.length; token++) {
    const [start, end] = [starts[token]!, ends[token]!];
    while (first < spans.length && spans[first]!.end <= start) first++;
    let most = 0;
    for (let i = first; i < spans.length && spans[i]!.start < end; i++) {
      const shared = Math.min(end, spans[i]!.end) - Math.max(start, spans[i]!.start);
      if (shared <= most) continue;
      most = shared;
      found[token] = i;
    }
  }
  return found;
}
