import type { Response } from '../../functions/deliver/http.ts';
import { previewToken } from '../../shared/article/preview-token.ts';
import {
  articleIdNamed,
  articleNames,
  frontNames,
  liveId,
  paths,
  postNames,
  profileName,
  start,
  uriOf,
} from './plan.ts';

export const feeds = [
  'latest',
  'section/news',
  'section/news/world',
  'section/sport',
  'topic/bridges',
  'author/ada-marlow',
] as const;

const listUrls = [
  ...feeds.map((feed) => `/feeds/${feed}.json`),
  '/feeds/latest.rss',
  '/section/news',
  ...frontNames.map((name) => `/fronts/${name}.json`),
  `/fronts/home.json?exclude=${articleIdNamed('a')}`,
  '/',
];

export const articleUrls = [
  ...articleNames.flatMap((name) => [
    `/articles/${articleIdNamed(name)}.json`,
    `/articles/${articleIdNamed(name)}/story-${name}-one`,
  ]),
  ...paths,
];

/** Where posts of the live story could be seen. */
export const postUrls = [
  `/feeds/live/${liveId}.json`,
  `/feeds/live/${liveId}/key.json`,
  `/articles/${liveId}.posts.json`,
  `/articles/${liveId}.posts.html?after=${Buffer.from(`2026-05-01T12:00:30.000Z#${liveId}`).toString('base64url')}`,
  ...postNames.map((name) => `/articles/${articleIdNamed(name)}.json`),
];

/** The pages of the authors, and where their profile could be seen. */
export const authorUrls = ['/author/ada-marlow', '/author/jon-bright'] as const;
export const profileUrls = [...authorUrls, `/articles/${articleIdNamed(profileName)}.json`];

export const previewSecret = 'the newsroom’s';

/** Previews for which no newsroom gave a link: of another secret, and of links that have expired. */
export const previewUrls = [
  ['a', 'a guess', start + 3_600_000],
  ['b', previewSecret, start - 1000],
  ['p', 'a guess', start + 3_600_000],
].map(
  ([name, secret, expiresAt]) =>
    `/preview/${previewToken({ uri: uriOf(String(name)), expiresAt: Number(expiresAt) }, String(secret))}`,
);

export const othersUrls = [...listUrls, ...articleUrls];

/** Everything that somebody reads here. */
export const urls: readonly string[] = [...othersUrls, ...postUrls, ...previewUrls, ...profileUrls];

/** The parts of an answer that must be current. In lists, `updated` and its `seq` may be ten seconds old. */
export function said(url: string, { status, headers, body }: Response): string {
  const isList = [...listUrls, ...authorUrls].includes(url);
  const text = isList
    ? body
        .replaceAll(/"(?:updated|date_modified)":"[^"]*"|"seq":\d+/g, '')
        .replaceAll(/<(atom:updated|lastBuildDate)>[^<]*<\/\1>/g, '')
    : body;
  return JSON.stringify([status, headers['location'], text]);
}
