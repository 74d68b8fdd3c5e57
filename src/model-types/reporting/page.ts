import { html, type Content } from '../../report/html';
import { style } from '../../report/style';

/**
 * A report as one page that needs nothing else: no script, no other file, and a policy that forbids
 * both. Every text of it is escaped by the template.
 */
export function renderPage(name: string, content: Content): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${name}: training report</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
  return `${page.markup}\n`;
}
