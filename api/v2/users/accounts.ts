import { createAccount } from '../../../src/auth/accounts';
import { demote, promote } from '../../../src/auth/administrators';
import { deleteAccount, userNotFound } from '../../../src/auth/deleteAccount';
import { userById, usersVisibleTo, userWithTeams } from '../../../src/database/accounts/users';
import { z } from 'zod';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';
import { deleteObjects } from '../deleteObjects';
import { presentUser } from './presenter';
import { accountBody, userIdReply, userReply } from './schema';

/** Looking at users, and what administrators do with them. */
export const accountRoutes = [
  route({
    method: 'get',
    path: '/user/list',
    summary: 'The users that you may see',
    description: 'Administrators: everyone; others: themselves and the members of their teams.',
    policy: access.user,
    response: z.array(userReply),
    handler: async ({ deps, user }) => (await usersVisibleTo(deps.database, user)).map(presentUser),
  }),
  route({
    method: 'get',
    path: '/user/info',
    summary: 'Yourself',
    policy: access.user,
    response: userReply,
    handler: async ({ deps, user }) => {
      const found = await userWithTeams(deps.database, user.id);
      if (!found) throw userNotFound(user.id);
      return presentUser(found);
    },
  }),
  route({
    method: 'post',
    path: '/user/create',
    summary: 'Add a user',
    policy: access.administrator,
    body: accountBody,
    response: userIdReply,
    handler: async ({ deps, body }) => {
      const { shortestPassword } = deps.config.accounts;
      const account = { ...body, is_admin: false };
      return { user_id: await createAccount(deps.database, account, { shortestPassword }) };
    },
  }),
  route({
    method: 'delete',
    path: '/user/:user_id',
    summary: 'Delete a user',
    description:
      'Their models pass to you, and so do the uploads that their unfinished trainings read; the others are deleted.',
    policy: access.administrator,
    response: nothing,
    handler: async ({ deps, user, params, transaction, log }) => {
      const prefixes = await transaction((tx) => deleteAccount(tx, params.user_id, user));
      await deleteObjects(deps.store, prefixes, log);
      return {};
    },
  }),
  route({
    method: 'post',
    path: '/user/:user_id/admin',
    summary: 'Make a user an administrator',
    policy: access.administrator,
    response: nothing,
    handler: async ({ deps, params }) => {
      await promote(deps.database, params.user_id);
      return {};
    },
  }),
  route({
    method: 'delete',
    path: '/user/:user_id/admin',
    summary: 'Make an administrator an ordinary user',
    description: '422 for the last administrator.',
    policy: access.administrator,
    response: nothing,
    handler: async ({ params, transaction }) => {
      await transaction((tx) => demote(tx, params.user_id));
      return {};
    },
  }),
  route({
    method: 'post',
    path: '/user/:user_id/verify',
    summary: 'Confirm a user',
    description: 'Users need no confirmation here: only looks whether there is such a user.',
    policy: access.administrator,
    response: nothing,
    handler: async ({ deps, params }) => {
      if (!(await userById(deps.database, params.user_id))) throw userNotFound(params.user_id);
      return {};
    },
  }),
];
