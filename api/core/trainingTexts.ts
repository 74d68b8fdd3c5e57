import { allows, effectivePermission } from '../../src/auth/policies';
import type { Caller } from '../../src/auth/authenticate';
import type { ModelAccess } from '../../src/database/models';
import type { ApiDependencies } from '../dependencies';

/** Whether the caller may see texts of the data that the model was trained on, as the operator decided. */
export function maySeeTexts(
  { config }: Pick<ApiDependencies, 'config'>,
  user: Caller,
  model: ModelAccess,
): boolean {
  return allows(effectivePermission(user, model), config.examplesNeed);
}

/** Where a message of each code begins to quote the data. */
const quotesFrom: Record<string, RegExp> = {
  bad_row: /: /,
  too_many_bad_rows: /\. (?=The first|They are)/,
  no_rows: /\. (?=The first|They are)/,
  unknown_column: / \(columns: /,
  duplicate_column: / \(columns: /,
};

/** A message of a training without what it quotes of the data: `12 rows were skipped [bad_row]`. */
export function withoutQuotes(text: string): string {
  const code = /\[(\w+)\]$/.exec(text)?.[1];
  const quote = code === undefined ? null : (quotesFrom[code]?.exec(text) ?? null);
  return quote ? `${text.slice(0, quote.index)} [${code}]` : text;
}
