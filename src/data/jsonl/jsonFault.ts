const space = /[ \t\n\r]*/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Of a string, what needs no look at what follows it. */
const plain = /[^"\\\u0000-\u001f]*/y; // eslint-disable-line no-control-regex -- JSON forbids these
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** What must stand next; `orEnd`: or the bracket that closes what was just opened. */
type Expected = 'value' | 'key' | 'colon' | 'comma';

/**
 * Where a text stops being JSON, in UTF-16 units from 0: its length when it only ends too early; undefined
 * when nothing is wrong with it. What JSON.parse says depends on the version of Node, and often leaves the
 * place out.
 */
export function jsonFault(text: string): number | undefined {
  /** The brackets that must still come, the next one last. */
  const closing: ('}' | ']')[] = [];
  let expected: Expected = 'value';
  let justOpened = false;
  for (let at = after(space, text, 0); ; at = after(space, text, at)) {
    const inside = closing.at(-1);
    if (at === text.length) return expected === 'comma' && !inside ? undefined : at;
    const next = text[at]!;
    if (next === inside && (justOpened || expected === 'comma')) {
      closing.pop();
      expected = 'comma';
      justOpened = false;
      at++;
      continue;
    }
    justOpened = false;
    if (expected === 'comma' || expected === 'colon') {
      if (next !== (expected === 'comma' ? ',' : ':') || !inside) return at;
      expected = expected === 'comma' && inside === '}' ? 'key' : 'value';
      at++;
    } else if (next === '"') {
      const { end, whole } = readString(text, at);
      if (!whole) return end;
      expected = expected === 'key' ? 'colon' : 'comma';
      at = end;
    } else if (expected === 'value' && (next === '{' || next === '[')) {
      closing.push(next === '{' ? '}' : ']');
      expected = next === '{' ? 'key' : 'value';
      justOpened = true;
      at++;
    } else {
      const end = expected === 'value' ? after(word, text, at) : at;
      if (end === at) return at;
      expected = 'comma';
      at = end;
    }
  }
}

/** The end of a string that begins at `start`, or where it goes wrong. */
function readString(text: string, start: number): { end: number; whole: boolean } {
  let at = start + 1;
  for (;;) {
    at = after(plain, text, at);
    if (text[at] === '"') return { end: at + 1, whole: true };
    const end = after(escape, text, at);
    if (end === at) return { end: at, whole: false };
    at = end;
  }
}

/** The end of what a sticky pattern finds at `at`; `at` when it finds nothing there. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
