import type { Response } from '../../../functions/deliver/http.ts';
import { theme } from '../../unit/newspaper.ts';
import { authorUrls, feeds } from '../addresses.ts';
import type { Observed } from '../observed.ts';
import { articleIdNamed, articleNames, frontNames, liveId, liveName, paths, postNames } from '../plan.ts';
import { Violation } from '../scheduler.ts';
import { same } from './compare.ts';
import { named, profileId } from './named.ts';

/** The feeds that are there before their first story. */
const namedSections = theme.sections.map(({ path }) => `section/${path}`);

/** Compares the origin's answers with the oracle. */
export async function compareAnswers(world: Observed): Promise<void> {
  const { oracle, articles, now } = world;
  const look = async (url: string): Promise<Response> => world.see(url);
  const statuses = { live: 200, gone: 410, hidden: 404 };
  for (const name of articleNames) {
    const id = articleIdNamed(name);
    const expected = oracle.expect(id, now);
    const { status, body } = await look(`/articles/${id}.json`);
    same('answers', `status of ${name}`, status, statuses[expected.visibility]);
    if (status === 200) {
      const shown = JSON.parse(body) as { versionCreated: string } & Associated;
      same('answers', `version of ${name}`, shown.versionCreated, expected.shown?.article?.versionCreated);
      same('answers', `what goes with ${name}`, urisIn(shown), expected.shown && oracle.pictures(expected.shown, now));
    }
    const head = articles.heads.get(id);
    if (head?.visibility === 'live')
      same('answers', `page of ${name} at ${head.path ?? ''}`, (await look(head.path ?? '')).status, 200);
  }
  await comparePosts(world, look);
  if (world.hasProfile) await compareProfile(world, look);
  for (const path of paths) {
    const owner = articles.owners.get(path)?.articleId;
    const { status, headers } = await look(path);
    const head = owner === undefined ? undefined : articles.heads.get(owner);
    const visibility = owner === undefined ? 'hidden' : oracle.expect(owner, now).visibility;
    if (visibility !== 'live' || head?.path === path)
      same('answers', `status of ${path}`, status, statuses[visibility]);
    else same('answers', `where ${path} leads`, [status, headers['location']], [301, head?.path]);
  }
  for (const feed of feeds) {
    const { status, body } = await look(`/feeds/${feed}.json`);
    const expected = oracle.feed(feed, now).map((id) => named(id));
    const isEmpty = expected.length === 0 && feed !== 'latest' && !namedSections.includes(feed);
    same('answers', `status of ${feed}`, status, isEmpty ? 404 : 200);
    if (status === 200)
      same(
        'answers',
        `items of ${feed}`,
        (JSON.parse(body) as { items: { id: string }[] }).items.map(({ id }) => id.at(-1)),
        expected,
      );
  }
  for (const name of frontNames) {
    const { status, body } = await look(`/fronts/${name}.json`);
    const expected = oracle.front(name, now);
    same('answers', `status of front ${name}`, status, expected ? 200 : 404);
    if (!expected) continue;
    const { containers } = JSON.parse(body) as { containers: { items: { articleId: string }[] }[] };
    same(
      'answers',
      `front ${name}`,
      containers.map(({ items }) => items.map(({ articleId }) => named(articleId))),
      expected.map((ids) => ids.map((id) => named(id))),
    );
  }
}

/** A profile is on the page of the author whose name it has, and nowhere else. */
async function compareProfile(world: Observed, look: (url: string) => Promise<Response>): Promise<void> {
  const { oracle, now } = world;
  same('answers', `status of the profile`, (await look(`/articles/${profileId}.json`)).status, 404);
  const { shown } = oracle.expect(profileId, now);
  for (const url of authorUrls) {
    const { status, body } = await look(url);
    const hasStories = oracle.feed(url.slice(1), now).length > 0;
    same('answers', `status of ${url}`, status, hasStories ? 200 : 404);
    const isThere = hasStories && oracle.feed(`${url.slice(1)}/profile`, now).length > 0;
    const [, jobTitle] = /<header class="profile">[^]*?<p class="by"[^>]*>([^<]*)</.exec(body) ?? [];
    same('answers', `profile on ${url}`, jobTitle, isThere ? shown?.profile?.jobTitle : undefined);
  }
}

/** Posts are where their story is, as long as it is public and a live story, and nowhere else. */
async function comparePosts(world: Observed, look: (url: string) => Promise<Response>): Promise<void> {
  const { oracle, articles, now } = world;
  for (const name of postNames) {
    const { status } = await look(`/articles/${articleIdNamed(name)}.json`);
    same('answers', `status of the post ${name}`, status, 404);
  }
  const expected = oracle.posts(liveId, now)?.map((id) => named(id));
  const feed = await look(`/feeds/live/${liveId}.json`);
  same('answers', `status of the posts of ${liveName}`, feed.status, expected ? 200 : 404);
  const newest = await look(`/articles/${liveId}.posts.json`);
  same('answers', `status of the newest posts of ${liveName}`, newest.status, expected ? 200 : 404);
  const page = await look(articles.heads.get(liveId)?.path ?? '');
  const onPage = [...page.body.matchAll(/ id="post-([a-z2-7]{16})"/g)].map(([, id = '']) => named(id));
  if (!expected) {
    same('answers', `posts on the page of ${liveName}`, onPage, []);
    return;
  }
  const { items } = JSON.parse(feed.body) as { items: { id: string }[] };
  same(
    'answers',
    `feed of the posts of ${liveName}`,
    items.map(({ id }) => id.at(-1)),
    expected,
  );
  const { posts } = JSON.parse(newest.body) as { posts: string[] };
  same(
    'answers',
    `newest posts of ${liveName}`,
    posts.map((id) => named(id)),
    expected,
  );
  const [pinned] = oracle.feed(`live/${liveId}/pinned`, now).map((id) => named(id));
  const others = expected.filter((name) => name !== pinned);
  same('answers', `posts on the page of ${liveName}`, onPage, pinned === undefined ? others : [pinned, ...others]);
  for (const name of expected) {
    const { shown } = oracle.expect(articleIdNamed(name), now);
    const text = shown?.article?.headlines?.[0]?.value ?? '';
    if (!page.body.includes(text)) throw new Violation('answers', `the page of ${liveName} does not show ${text}`);
  }
}

interface Associated {
  readonly uri?: string;
  readonly associations?: readonly Associated[];
}

function urisIn({ associations = [] }: Associated): (string | undefined)[] {
  return associations.flatMap((one) => [one.uri, ...urisIn(one)]);
}
