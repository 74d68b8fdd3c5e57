import { html, Html } from '../../src/report/html';

/** A whole page in the look that our pages share. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.markup;
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
h2 { margin-top: 3rem; border-bottom: 1px solid #d0d7de; }
h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; background: #f4f6f8; border-radius: 4px; }
code { padding: .1rem .3rem; } pre { padding: .75rem; overflow-x: auto; } pre code { padding: 0; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #eaeef2; }
.method { color: #0a5c36; font-weight: 600; text-transform: uppercase; }
label { display: block; margin: 1rem 0; } input { display: block; font: inherit; padding: .4rem; width: 20rem; }
@media (prefers-color-scheme: dark) { body { background: #0d1117; color: #d7dde4; } code, pre { background: #1b222b; } a { color: #6cb6ff; } .method { color: #6fcf97; } td, th, h2 { border-color: #30363d; } }
`;
