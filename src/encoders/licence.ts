/** The licence that a model card names between its first two lines of dashes: `license: apache-2.0`. */
export function licenceIn(readme: string): string | undefined {
  const [, front] = /^---\r?\n([\s\S]{0,65536}?)\r?\n---/.exec(readme) ?? [];
  return /^license:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9 .+-]{0,63}?)["']?[ \t]*$/m.exec(
    front ?? '',
  )?.[1];
}
