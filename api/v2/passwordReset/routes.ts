import { z } from 'zod';
import { redeemPasswordReset } from '../../../src/auth/passwordReset';
import { access } from '../../core/access';
import { html } from '../../../src/report/html';
import { page } from '../../core/page';
import { media, Streamed } from '../../core/reply';
import { route } from '../../core/route';
import { passwordField } from '../users/schema';

const pageType = 'text/html; charset=utf-8';
const token = z.string().max(200);

/** A box of the form; `on` is what browsers send for one that is ticked. */
const ticked = z
  .union([z.boolean(), z.literal('on')])
  .nullish()
  .transform((value) => value === 'on' || value === true);

/** What is behind the one-time link that an administrator makes for who has forgotten the password. */
export const passwordResetRoutes = [
  route({
    method: 'get',
    path: '/password-reset',
    summary: 'The form behind a one-time link to choose a new password',
    policy: access.anyone,
    refuses: [403],
    query: z.object({ token: token.default('') }),
    response: media('text/html', 'A form.'),
    handler: ({ deps, query }) =>
      new Streamed(pageType, form(query.token, deps.config.accounts.shortestPassword)),
  }),
  route({
    method: 'post',
    path: '/password-reset',
    summary: 'Choose a new password with a one-time link',
    description:
      'Takes the token of the link, once, within a day. Ends the access tokens of the user, and with `end_api_tokens` the API tokens. Takes the form or JSON.',
    policy: access.anyone,
    refuses: [403],
    form: true,
    body: z.object({ token, password: passwordField, end_api_tokens: ticked }),
    response: media('text/html', 'Says that it is done.'),
    handler: async ({ deps, body: { token, password, end_api_tokens }, address }) => {
      const { email } = await redeemPasswordReset(deps.database, token, password, {
        shortest: deps.config.accounts.shortestPassword,
        endApiTokens: end_api_tokens,
      });
      await deps.attempts.succeeded(address, email);
      return new Streamed(pageType, done(email));
    },
  }),
];

function form(token: string, shortest: number): string {
  return page(
    'Trainyard: new password',
    html`<h1>A new password</h1>
      <p>This link works once. Whoever is signed in with the old password is signed out.</p>
      <form method="post" action="/api/v2/password-reset">
        <input type="hidden" name="token" value="${token}" />
        <label
          >New password
          <input
            name="password"
            type="password"
            required
            autocomplete="new-password"
            minlength="${shortest}"
        /></label>
        <label><input name="end_api_tokens" type="checkbox" /> End my API tokens too</label>
        <button>Set the password</button>
      </form>`,
  );
}

function done(email: string): string {
  return page(
    'Trainyard: new password',
    html`<h1>Done</h1>
      <p>The new password of ${email} counts from now on.</p>`,
  );
}
