import { cut } from './format';
import { html, type Html } from './html';

/** Longer names take more room in a table or a heading than they are worth. */
const longestName = 80;

/** A label or a file's name; what is too long is cut and shown whole where the mouse rests on it. */
export function shortened(name: string, length = longestName): Html {
  return name.length <= length
    ? html`${name}`
    : html`<span title="${name}">${cut(name, length)}</span>`;
}
