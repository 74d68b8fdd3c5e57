/** Markup that is safe to put into a page as it is; only `html` makes it. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, nothing is nothing. */
export type Content = string | number | Html | null | undefined | false | readonly Content[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.markup;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escape(content);
  return content.map(render).join('');
}

/**
 * A template of markup whose values are escaped. Attribute values must stand in quotes, and no value
 * may stand inside a style or a tag's name.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((markup, part, i) => markup + render(values[i - 1]) + part));
}
