import { z } from 'zod';
import { parseS3Location, showS3Location, type S3Location } from './s3Location';

/** A folder in S3 that trainings may read below. Its prefix is empty or ends in `/`. */
export interface S3Root extends S3Location {
  /** Names or ids of those who may; both lists empty: everybody. */
  users: string[];
  teams: string[];
}

const form =
  'allowed are folders in S3 separated by spaces, such as "s3://shared/data/ s3://people/reviews/?team=research&user=ana"';

/** Folders in S3 separated by white space, each with those who may read it as query. */
export function s3Roots() {
  return z.string().transform((text, context): S3Root[] => {
    const roots: S3Root[] = [];
    for (const given of text.split(/\s+/).filter(Boolean)) {
      const root = parseRoot(given);
      if (root) roots.push(root);
      else {
        context.addIssue({ code: 'custom', message: `${JSON.stringify(given)} is none; ${form}` });
      }
    }
    return roots;
  });
}

function parseRoot(text: string): S3Root | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname, username, password, hash, searchParams } = new URL(text);
  if (protocol !== 's3:' || username + password + hash !== '') return undefined;
  if ([...searchParams].some(([key, value]) => !['user', 'team'].includes(key) || value === '')) {
    return undefined;
  }
  const folder = decoded(pathname)?.replace(/^\/+|\/+$/g, '');
  if (folder === undefined) return undefined;
  const place = parseS3Location(`s3://${host}/${folder === '' ? '' : `${folder}/`}`);
  if (!place) return undefined;
  return { ...place, users: searchParams.getAll('user'), teams: searchParams.getAll('team') };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** For people: the folder, and who may read it. */
export function describeS3Root(root: S3Root): string {
  const who = [
    ...root.users.map((user) => `user ${user}`),
    ...root.teams.map((team) => `team ${team}`),
  ];
  return `${showS3Location(root)} (${who.length === 0 ? 'everybody' : who.join(', ')})`;
}
