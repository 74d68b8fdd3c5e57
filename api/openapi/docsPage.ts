/** Nothing but our own files runs or loads; Swagger UI sets styles of its own and draws with `data:` images. */
export const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/** Shows `/openapi.json` in Swagger UI. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Trainyard API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="data:," />
  </head>
  <body>
    <div id="docs"></div>
    <noscript>This page needs JavaScript. The same as data: <a href="/openapi.json">/openapi.json</a></noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/**
 * What runs on the page. The box at its top searches paths, summaries and descriptions, where Swagger UI
 * itself searches tags only; and who signs in at `/user/login` is signed in on the page.
 */
export const docsScript = `const mentions = (operation, words) => {
  const text = [operation.get('path'), operation.get('method')]
    .concat(['summary', 'description'].map((name) => operation.getIn(['operation', name], '')))
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
};
const search = (tags, phrase) => {
  const words = phrase.toLowerCase().split(/\\s+/).filter(Boolean);
  return tags
    .map((tag) => tag.update('operations', (all) => all.filter((one) => mentions(one, words))))
    .filter((tag) => tag.get('operations').size > 0);
};
const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayOperationId: false,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  plugins: [{ fn: { opsFilter: search } }],
  requestSnippetsEnabled: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor: (response) => {
    const token = response.ok && /\\/user\\/login$/.test(response.url) && response.obj?.access_token;
    if (token) ui.preauthorizeApiKey('user', token);
    return response;
  },
});
`;
