import type { JsonSchema, Operation } from './document';
import { propertiesOf } from './schemaWords';

/** A command that a person can paste, with the required fields filled in. */
export function curlExample(
  method: string,
  path: string,
  { security, servers }: Operation,
  mediaType: string | undefined,
  body: JsonSchema | undefined,
): string {
  const base = servers ? '' : '/api/v2';
  const url = `$YARD${base}${path.replaceAll(/[{}]/g, (brace) => (brace === '{' ? '$' : '')).replaceAll(/\$(\w+)/g, (_, name: string) => `$${name.toUpperCase()}`)}`;
  const parts = ['curl -s'];
  // curl sends GET without a body and POST with one by itself.
  if (method !== (body ? 'post' : 'get')) parts.push(`-X ${method.toUpperCase()}`);
  if (security.some((scheme) => 'password' in scheme)) parts.push('-u me@example.org:password');
  else if (security.length > 0) parts.push('-H "Authorization: Bearer $TOKEN"');
  parts.push(`"${url}"`);
  if (body && mediaType === 'multipart/form-data') parts.push("-F 'files=@train.csv'");
  else if (body) parts.push(`-d '${JSON.stringify(exampleOf(body))}'`);
  return parts.join(' ');
}

/** The smallest value that a schema takes, or the example that it names. */
function exampleOf(schema: JsonSchema): unknown {
  const given = schema['example'] ?? (schema['examples'] as unknown[] | undefined)?.[0];
  if (given !== undefined) return given;
  const words = schema['enum'] as unknown[] | undefined;
  if (words) return words[0];
  const options = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (options?.[0]) return exampleOf(options[0]);
  switch (schema['type']) {
    case 'object': {
      const required = (schema['required'] ?? []) as string[];
      const fields = Object.entries(propertiesOf(schema));
      const shown = fields.filter(([name, field]) => required.includes(name) || hasExample(field));
      return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field)]));
    }
    case 'array':
      return [exampleOf((schema['items'] ?? {}) as JsonSchema)];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'boolean':
      return true;
    default:
      return schema['format'] === 'uuid' ? '<uuid>' : '…';
  }
}

function hasExample(schema: JsonSchema): boolean {
  return 'example' in schema || 'examples' in schema;
}
