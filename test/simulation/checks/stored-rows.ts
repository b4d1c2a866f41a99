import type { Observed } from '../observed.ts';
import { feeds } from '../addresses.ts';
import { articleIdNamed } from '../plan.ts';
import { Violation } from '../scheduler.ts';
import { same } from './compare.ts';
import { named, skewMilliseconds } from './named.ts';

/** Compares the rows of both tables with the oracle. */
export function compareRows(world: Observed): void {
  compareVersions(world);
  compareHeads(world);
  comparePaths(world);
  compareFeeds(world);
}

function compareVersions(world: Observed): void {
  const { oracle, articles, fronts } = world;
  for (const id of oracle.ids()) {
    const stored = [...((id.startsWith('front#') ? fronts : articles).versions.get(id)?.keys() ?? [])].sort();
    const expected = [...(oracle.versions.get(id)?.keys() ?? [])].sort();
    same('versions', `versions of ${named(id)}`, stored, expected);
    if (!oracle.expect(id, world.now).erased) continue;
    const kept = JSON.stringify([...(articles.versions.get(id)?.values() ?? [])].map(({ content }) => content));
    if (/Story|Body/.test(kept)) throw new Violation('erasure', `${named(id)} is erased, and still stored is ${kept}`);
  }
}

function compareHeads(world: Observed): void {
  const { oracle, articles, fronts, now } = world;
  for (const id of oracle.ids()) {
    const expected = oracle.expect(id, now);
    const isFront = id.startsWith('front#');
    const head = isFront ? fronts.heads.get(id) : articles.heads.get(id);
    same('heads', `visibility of ${named(id)}`, head?.visibility ?? 'hidden', expected.visibility);
    if (expected.visibility !== 'live') continue;
    same('heads', `version of ${named(id)}`, head?.version, expected.shown?.key);
    if (isFront) continue;
    const { path = '', card, feeds: listed, place } = articles.heads.get(id) ?? {};
    same('heads', `card of ${named(id)}`, card, oracle.card(id, expected, path, now));
    same('heads', `feeds of ${named(id)}`, [...(listed ?? [])].sort(), [...new Set(expected.feeds)].sort());
    same('heads', `place of ${named(id)}`, place, `${new Date(expected.firstPublished).toISOString()}#${id}`);
  }
}

/** Who owns a contested path depends on who was there first. It is at that path, or under a hold. */
function comparePaths(world: Observed): void {
  const { oracle, articles, now } = world;
  for (const id of oracle.ids()) {
    const expected = oracle.expect(id, now);
    const head = articles.heads.get(id);
    if (expected.visibility !== 'live' || !head || id.startsWith('front#')) continue;
    const { claimed } = expected;
    const ownDefault = `/articles/${id}/${expected.first?.article?.headlines?.[0]?.value.toLowerCase().replaceAll(' ', '-') ?? ''}`;
    if (claimed === undefined || head.pathClash !== undefined)
      same('paths', `path of ${named(id)}`, head.path, ownDefault);
    else same('paths', `path of ${named(id)}`, head.path, claimed);
    if (head.pathClash !== undefined) {
      same('paths', `clash of ${named(id)}`, head.pathClash, claimed);
      const owner = articles.owners.get(claimed ?? '')?.articleId ?? '';
      const { visibility, held } = oracle.expect(owner, now);
      const keeps = visibility === 'live' ? articles.heads.get(owner)?.path === claimed : held;
      if (owner === id || !keeps)
        throw new Violation('paths', `${named(id)} lost ${claimed ?? ''} to ${named(owner)}, which left it`);
    } else if (claimed !== undefined) same('paths', `owner of ${claimed}`, articles.owners.get(claimed)?.articleId, id);
  }
  for (const [path, { articleId }] of articles.owners) {
    const isKnown = oracle.mayBeKnown(
      now + skewMilliseconds,
      (fact) => fact.path === path && articleIdNamed(fact.article?.uri.at(-1) ?? '') === articleId,
    );
    if (!isKnown)
      throw new Violation('embargo', `${path} was claimed for ${named(articleId)} before its embargo has passed`);
  }
}

function compareFeeds(world: Observed): void {
  const { oracle, articles, feeds: table, now } = world;
  for (const feed of new Set([...feeds, ...table.rows.keys()])) {
    const rows = [...(table.rows.get(feed)?.values() ?? [])]
      .filter(({ card }) => card)
      .sort((a, b) => (a.place < b.place ? 1 : -1));
    same(
      'feeds',
      `articles in ${feed}`,
      rows.map(({ place }) => named(place.slice(-16))),
      oracle.feed(feed, now).map((id) => named(id)),
    );
    for (const { place, card } of rows)
      same('feeds', `card in ${feed}`, card, articles.heads.get(place.slice(-16))?.card);
  }
}
