import { JsonFields } from '../jsonFields';
import { sentenceConfigFile } from '../readMaxLength';

export const promptsFile = 'config_sentence_transformers.json';

/**
 * Refuses a folder of which sentence-transformers would change texts in ways that the tokenizer alone
 * does not: lower-casing, and a prompt before each text.
 * @param fileOf content of a file of the folder, by its path
 * @param lowerCases whether the tokenizer lower-cases by itself
 */
export function checkTextSettings(
  fileOf: (path: string) => Uint8Array | undefined,
  lowerCases: boolean,
): void {
  const fieldsOf = (file: string): JsonFields => {
    const content = fileOf(file);
    return content ? JsonFields.parse(file, content) : JsonFields.of(file, '', {});
  };
  const settings = fieldsOf(sentenceConfigFile);
  if (settings.flag('do_lower_case', false) && !lowerCases) {
    settings.refuse('do_lower_case', 'false, or a tokenizer.json that lower-cases by itself');
  }
  checkDefaultPrompt(fieldsOf(promptsFile));
}

function checkDefaultPrompt(fields: JsonFields): void {
  const field = 'default_prompt_name';
  if (!fields.has(field)) return;
  const name = fields.text(field);
  const isEmpty = fields.has('prompts') && fields.object('prompts').value(name) === '';
  if (!isEmpty) fields.refuse(field, 'null: no prompt is put before texts');
}
