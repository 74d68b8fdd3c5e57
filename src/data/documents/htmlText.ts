import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes } from 'parse5';
import { documentLimits } from './documentText';
import { TextJoiner, type Gap } from './textJoiner';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** What nobody reads on the page. */
const unseen = names(
  'script style noscript template svg iframe noembed noframes object video audio canvas datalist',
);
/** Within a line, and without a border: what stands before and after may be one word. */
const inWord = names(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q ruby s samp small ' +
    'span strike strong sub sup time tt u var wbr',
);
/** Within a line, with a border. */
const cells = names(
  'td th option button label select input textarea meter progress output img rt rp math',
);
const lines = names('br tr div li dt dd option legend summary caption figcaption address');
const verbatim = names('pre textarea listing xmp plaintext');

/**
 * The visible text of HTML, as browsers understand it: the tree is that of the HTML standard, in which later
 * `html` and `body` tags are one page, and all that a page shows apart is apart in the text. Scripts are
 * dropped, never run. The title counts, when it is asked for.
 */
export function htmlToText(html: string, options: { title?: boolean } = {}): string {
  const text = new TextJoiner();
  const page = parse(html);
  // A stack of our own: pages may be nested more deeply than functions can be.
  const open: (Node | (() => void))[] = [page];
  while (open.length > 0 && text.length < documentLimits.characters) {
    const next = open.pop()!;
    if (typeof next === 'function') next();
    else if (tree.isTextNode(next)) addText(next, text);
    else if ('childNodes' in next) enter(next, text, open, options.title ?? false);
  }
  return text.toString();
}

function enter(
  node: DefaultTreeAdapterTypes.ParentNode,
  text: TextJoiner,
  open: (Node | (() => void))[],
  title: boolean,
): void {
  if (tree.isElementNode(node)) {
    if (unseen.has(node.tagName) || (node.tagName === 'title' && !title)) return;
    const gap = gapAround(node);
    if (gap) {
      text.separate(gap);
      open.push(() => {
        text.separate(gap);
      });
    }
  }
  for (let i = node.childNodes.length - 1; i >= 0; i--) {
    const child = node.childNodes[i]!;
    open.push(child);
    // Of two links one after the other, as in a menu, none ends within a word.
    if (isLink(child) && i > 0 && isLink(node.childNodes[i - 1]!)) {
      open.push(() => {
        text.separate('space');
      });
    }
  }
}

function isLink(node: Node): boolean {
  return tree.isElementNode(node) && node.tagName === 'a';
}

/** Elements that no standard knows are in the line, as they are in browsers. */
function gapAround({ tagName }: Element): Gap | undefined {
  if (inWord.has(tagName) || tagName.includes('-') || tagName.includes(':')) return undefined;
  if (cells.has(tagName)) return 'space';
  return lines.has(tagName) ? 'line' : 'paragraph';
}

function addText(node: DefaultTreeAdapterTypes.TextNode, text: TextJoiner): void {
  // Places where a word may be broken, which nobody sees.
  const value = node.value.replaceAll('\u00ad', '');
  const { parentNode: parent } = node;
  if (parent && tree.isElementNode(parent) && verbatim.has(parent.tagName)) text.add(value.trim());
  else text.addCollapsed(value);
}
