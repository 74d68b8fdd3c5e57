import { html, page, type Html } from '../core/html';
import { curlExample } from './curlExample';
import type { JsonSchema, OpenApiDocument, Operation } from './document';
import { describeType, propertiesOf, withoutNull } from './schemaWords';

/** The API's documents as one page, readable without a script or another server. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags } = document;
  return page(
    `${info.title} API`,
    html`<h1>${info.title} API ${info.version}</h1>
      <p>${info.description}</p>
      <p>
        Paths are below <code>/api/v2</code>. The same as data:
        <a href="/openapi.json">/openapi.json</a>.
      </p>
      <pre><code>${signIn}</code></pre>
      <p>${tags.map(({ name }) => html`<a href="#${name}">${name}</a> `)}</p>
      ${tags.map(({ name }) => section(document, name))}`,
  );
}

const signIn = `YARD=http://localhost:8000
curl -s -u me@example.org:password $YARD/api/v2/user/login
TOKEN=…   # the access_token of the reply`;

function section(document: OpenApiDocument, tag: string): Html {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes(tag))
      .map(([method, found]) => operation(method, path, found)),
  );
  return html`<h2 id="${tag}">${tag}</h2>
    ${operations}`;
}

function operation(method: string, path: string, described: Operation): Html {
  const { operationId, summary, description, parameters } = described;
  const [mediaType, body] = Object.entries(described.requestBody?.content ?? {})[0] ?? [];
  const fields = [
    ...parameters.map((p) => row(p.name, p.in, p.schema, p.required, p.description)),
    ...(body ? bodyRows(body.schema) : []),
  ];
  return html`<h3 id="${operationId}">
      <span class="method">${method}</span> <code>${path}</code> ${summary}
    </h3>
    <p>${prose(description)}</p>
    ${
      fields.length > 0 &&
      html`<table>
        ${fields}
      </table>`
    }
    <pre><code>${curlExample(method, path, described, mediaType, body?.schema)}</code></pre>
    ${replyOf(described)}`;
}

function bodyRows(schema: JsonSchema, prefix = ''): Html[] {
  const required = (schema['required'] ?? []) as string[];
  return Object.entries(propertiesOf(withoutNull(schema))).flatMap(([name, field]) => [
    row(
      prefix + name,
      'body',
      field,
      required.includes(name),
      field['description'] as string | undefined,
    ),
    ...bodyRows(field, `${prefix}${name}.`),
    ...bodyRows((withoutNull(field)['items'] ?? {}) as JsonSchema, `${prefix}${name}[].`),
  ]);
}

/** Text in which backticks mark code. */
function prose(text = ''): (Html | string)[] {
  return text.split('`').map((piece, i) => (i % 2 === 1 ? html`<code>${piece}</code>` : piece));
}

/** Fields of objects have rows of their own. */
function shortType(schema: JsonSchema): string {
  if (Object.keys(propertiesOf(schema)).length > 0) return 'object';
  const items = (schema['items'] ?? {}) as JsonSchema;
  return Object.keys(propertiesOf(items)).length > 0 ? 'list of objects' : describeType(schema);
}

function row(
  name: string,
  place: string,
  schema: JsonSchema,
  required: boolean,
  description: string | undefined,
): Html {
  return html`<tr>
    <td><code>${name}</code></td>
    <td>${place}${required && ', required'}</td>
    <td>${shortType(withoutNull(schema))}</td>
    <td>${prose(description)}</td>
  </tr>`;
}

function replyOf({ responses }: Operation): Html | false {
  const content = Object.entries(responses['200']?.content ?? {})[0];
  if (!content) return false;
  const schema = (content[1] as { schema?: JsonSchema }).schema;
  return html`<p>Replies <code>${schema ? describeType(schema) : content[0]}</code>.</p>`;
}
