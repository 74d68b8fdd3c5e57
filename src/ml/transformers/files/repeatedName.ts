/**
 * A name that the outermost object of valid JSON has twice, which `JSON.parse` would silently take
 * the last of; undefined when there is none.
 */
export function repeatedName(json: string): string | undefined {
  const names = new Set<string>();
  let depth = 0;
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}
