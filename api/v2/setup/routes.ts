import { z } from 'zod';
import { shortestPassword } from '../../../src/auth/passwordRules';
import { html } from '../../../src/report/html';
import { redeemFirstAdministrator } from '../../../src/auth/firstAdministrator';
import { access } from '../../core/access';
import { page } from '../../core/page';
import { media, Streamed } from '../../core/reply';
import { route } from '../../core/route';
import { accountBody } from '../users/schema';

const pageType = 'text/html; charset=utf-8';

/** The one-time sign-up of the first administrator. */
export const setupRoutes = [
  route({
    method: 'get',
    path: '/setup',
    summary: 'The form behind the one-time sign-up link',
    policy: access.anyone,
    query: z.object({ token: z.string().max(200).default('') }),
    response: media('text/html', 'A form.'),
    handler: ({ query }) => new Streamed(pageType, form(query.token)),
  }),
  route({
    method: 'post',
    path: '/setup',
    summary: 'Make the first administrator',
    description: 'Takes the token of the sign-up link, once. Takes the form or JSON.',
    policy: access.anyone,
    form: true,
    refuses: [403],
    body: accountBody.extend({ token: z.string().max(200) }),
    response: media('text/html', 'Says that it is done.'),
    handler: async ({ deps, body: { token, ...account }, request }) => {
      await redeemFirstAdministrator(deps.database, token, account);
      return new Streamed(pageType, done(account.email, request.headers.host ?? 'localhost:8000'));
    },
  }),
];

function form(token: string): string {
  return page(
    'Trainyard: first administrator',
    html`<h1>The first administrator</h1>
      <p>This link works once. Administrators may do everything, so choose a long password.</p>
      <form method="post" action="/api/v2/setup">
        <input type="hidden" name="token" value="${token}" />
        <label>Username <input name="username" required maxlength="50" /></label>
        <label>E-mail <input name="email" type="email" required maxlength="254" /></label>
        <label
          >Password <input name="password" type="password" required minlength="${shortestPassword}"
        /></label>
        <button>Sign up</button>
      </form>`,
  );
}

function done(email: string, host: string): string {
  return page(
    'Trainyard: signed up',
    html`<h1>Welcome</h1>
      <p>You are an administrator. Sign in for an access token:</p>
      <pre><code>curl -u ${email} http://${host}/api/v2/user/login</code></pre>
      <p>The API is described at <a href="/docs">/docs</a>.</p>`,
  );
}
