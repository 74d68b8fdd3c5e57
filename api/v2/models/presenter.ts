import type { z } from 'zod';
import type { ModelView, Page } from '../../../src/database/models/modelViews';
import { textWithoutQuotes } from '../../../src/data/quotedData';
import type { modelReply } from './schema';

export function presentModel(model: ModelView): z.input<typeof modelReply> {
  const said = (job: string, level: string): string[] =>
    model.messages
      .filter((message) => message.job === job && message.level === level)
      // A list shows models to those who may not see the data; the status of a training has the rest.
      .map((message) => textWithoutQuotes(message.text));
  return {
    model_id: model.id,
    model_name: model.name,
    type: model.type,
    access: model.access,
    train_status: model.train_status,
    train_errors: said('train', 'error'),
    train_warnings: said('train', 'warning'),
    deploy_status: model.deploy_status,
    deploy_errors: said('deploy', 'error'),
    deploy_warnings: said('deploy', 'warning'),
    publish_date: model.published_at.toISOString(),
    user_email: model.user_email,
    username: model.username,
    team_id: model.team_id,
    attributes: model.attributes,
    // A base model is where a training began; the trained model stands on its own.
    dependencies: [],
  };
}

/** A page of models, with the header that leads to the next one. */
export function presentPage(
  models: ModelView[],
  page: Page,
  setHeader: (name: string, value: string) => void,
): z.input<typeof modelReply>[] {
  const last = models.at(-1);
  if (last && models.length === page.limit) setHeader('X-Next-After', last.cursor);
  return models.map(presentModel);
}
