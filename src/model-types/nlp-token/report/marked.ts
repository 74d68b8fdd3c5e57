import { html, type Content } from '../../../report/html';

/** A text whose spans are marked with their tags. @param spans start, end (in characters) and tag, in their order */
export function marked(text: string, spans: readonly [number, number, string][]): Content {
  const characters = Array.from(text);
  const parts: Content[] = [];
  let at = 0;
  for (const [start, end, tag] of spans) {
    // The text of an example may be cut.
    if (start >= characters.length) break;
    parts.push(characters.slice(at, start).join(''));
    const words = characters.slice(start, end).join('');
    parts.push(html`<b>${words}</b> <span class="tag">${tag}</span>`);
    at = end;
  }
  parts.push(characters.slice(at).join(''));
  return parts;
}
