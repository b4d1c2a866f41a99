import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Pipeline } from '../simulation/pipeline.ts';
import { store } from '../../functions/store/store.ts';
import { busEvent, noon } from '../unit/story.ts';

/** How an item names its embargo; the last are names of no ninjs version. */
const embargoNames = [
  'embargoed',
  'embargoedUntil',
  'embargoeduntil',
  'EmbargoedUntil',
  'embargo',
  'embargoed_until',
  'embargoUntil',
  'publishAt',
  'goLive',
  'availableFrom',
  'publishDate',
  'publish_date',
  'publicationDate',
  'pubDate',
  'releasedAt',
  'scheduled',
  'utc_publish_schedule',
  'heldUntil',
  'visible',
  'release',
] as const;
const namesOfNinjs: readonly string[] = embargoNames.slice(0, 4);
/** Names that a past time may have: it says nothing of an embargo. */
const namesOfTimes: readonly string[] = embargoNames.slice(10);

const waysToShow = ['img', 'a', 'linked size', 'video', 'linked video', 'figure', 'iframe'] as const;

/** An item and the items within it, each with its own version of ninjs and its own status, embargo and expiry. */
export interface Part {
  readonly dialect: '1' | '2' | '3';
  readonly type: 'text' | 'picture' | 'graphic' | 'video' | 'composite' | 'event' | undefined;
  /** How the text around it shows its file. */
  readonly shownAs: (typeof waysToShow)[number];
  readonly status: 'usable' | 'withheld' | 'canceled' | undefined;
  readonly embargo: 'past' | 'ahead' | undefined;
  readonly embargoName: (typeof embargoNames)[number];
  /** Whether the embargo is in an object that ninjs does not define. */
  readonly isWithin: boolean;
  readonly expiry: 'past' | 'ahead' | undefined;
  readonly inner: readonly Part[];
}

const hour = 3_600_000;
const ended = noon - hour;
const released = noon + 6 * hour;
const expiring = noon + 12 * hour;
const iso = (time: number): string => new Date(time).toISOString();

/** A mark that is in every text and address of one item, and nowhere else. */
const markOf = (at: string): string => `mark${at}x`;

export const { item: embargoedItems } = fc.letrec<{ item: Part; nested: Part }>((tie) => {
  const decisions = {
    dialect: fc.constantFrom('1' as const, '2' as const, '3' as const),
    embargo: fc.constantFrom('past' as const, 'ahead' as const, undefined),
    shownAs: fc.constantFrom(...waysToShow),
    isWithin: fc.oneof({ weight: 14, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    embargoName: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...embargoNames.slice(0, 4)) },
      { weight: 2, arbitrary: fc.constantFrom(...embargoNames) },
      { weight: 1, arbitrary: fc.constant('release' as const) },
    ),
  };
  const status = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('usable' as const, undefined) },
    { weight: 1, arbitrary: fc.constantFrom('withheld' as const, 'canceled' as const) },
  );
  return {
    item: fc.record({
      ...decisions,
      type: fc.constant('text' as const),
      status: fc.constantFrom('usable' as const, undefined),
      expiry: fc.constantFrom('ahead' as const, undefined),
      inner: fc.array(tie('nested'), { maxLength: 3 }),
    }),
    nested: fc.record({
      ...decisions,
      type: fc.constantFrom(
        'picture' as const,
        'picture' as const,
        'graphic' as const,
        'video' as const,
        'text' as const,
        'composite' as const,
        'event' as const,
        undefined,
      ),
      status,
      expiry: fc.constantFrom('past' as const, 'ahead' as const, undefined, undefined),
      inner: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant([]),
        fc.array(tie('nested'), { maxLength: 2 }),
      ),
    }),
  };
});

/** The item as a sender writes it. */
function written(part: Part, at: string): Record<string, unknown> {
  const { dialect, type, status, embargo, embargoName, isWithin, expiry, inner } = part;
  const time = iso(embargo === 'past' ? ended : released);
  // One name may also be split into two objects.
  const said = { [embargoName]: embargoName === 'release' ? { window: [{ from: time }] } : time };
  const mark = markOf(at);
  const href = hrefOf(at);
  const isOne = dialect === '1';
  const name = (camel: string): string => (dialect === '3' ? camel : camel.toLowerCase());
  const html = `<p>Text of ${mark}.</p>${inner.map(({ shownAs }, index) => shown(hrefOf(`${at}${index}`), shownAs)).join('')}`;
  const items = inner.map((held, index) => ({ name: `part-${at}${index}`, ...written(held, `${at}${index}`) }));
  return {
    uri: `urn:embargoes:${mark}`,
    ...(type !== undefined && { type }),
    ...(status !== undefined && { [name('pubStatus')]: status }),
    ...(embargo !== undefined && (isWithin ? { settings: [{ web: said }] } : said)),
    ...(expiry !== undefined && { expires: iso(expiry === 'past' ? ended : expiring) }),
    ...(isOne
      ? { headline: `Headline of ${mark}`, description_text: `Description of ${mark}`, body_html: html }
      : {
          headlines: [{ value: `Headline of ${mark}` }],
          descriptions: [
            {
              role: type === 'text' ? 'standfirst' : 'caption',
              [name('contentType')]: 'text/plain',
              value: `Description of ${mark}`,
            },
          ],
          bodies: [{ [name('contentType')]: 'text/html', value: html }],
        }),
    ...(at !== '0' && {
      renditions: isOne
        ? { large: { href, width: 900, height: 600 } }
        : [{ name: 'large', href, width: 900, height: 600 }],
    }),
    ...(items.length > 0 && {
      associations: isOne ? Object.fromEntries(items.map((item) => [item.name, item])) : items,
    }),
  };
}

function shown(href: string, as: Part['shownAs']): string {
  switch (as) {
    case 'img':
      return `<img src="${href}" alt="">`;
    case 'a':
      return `<p>See <a href="${href}">it</a>.</p>`;
    case 'linked size':
      return `<a href="${href}"><img src="${href.replace('.jpg', '-300x200.jpg')}" alt=""></a>`;
    case 'video':
      return `<video poster="${href}"><source src="${href}"></video>`;
    case 'linked video':
      return `<a href="https://news.example.com/">See<video src="${href}"></video>it</a>`;
    case 'figure':
      return `<figure><audio src="${href}"></audio><figcaption>Caption of ${href}</figcaption></figure>`;
    case 'iframe':
      return `<iframe src="${href}"></iframe>`;
  }
}

const hrefOf = (at: string): string => `https://pictures.example.com/${markOf(at)}.jpg`;

interface Marked {
  readonly mark: string;
  readonly isShown: boolean;
}

/** Which items readers may see at `now` (epoch ms): an item within another is seen no earlier and no longer than that. */
function marksOf(part: Part, now: number, at = '0', isOuterShown = true): Marked[] {
  const { status = 'usable', embargo, expiry, inner } = part;
  const isRoot = at === '0';
  const isShown =
    isOuterShown &&
    status === 'usable' &&
    !(embargo === 'ahead' && !part.isWithin && now < released) &&
    (isRoot || expiry !== 'past');
  // An association that is not media is shown by its name only, without associations of its own.
  const isNamedOnly = !isRoot && !['picture', 'graphic', 'video'].includes(part.type ?? 'text');
  return [
    { mark: markOf(at), isShown },
    ...inner.flatMap((held, index) => marksOf(held, now, `${at}${index}`, isShown && !isNamedOnly)),
  ];
}

function isMisnamed({ embargo, embargoName, isWithin, inner }: Part): boolean {
  const isTime = namesOfTimes.includes(embargoName);
  const isIgnored = isWithin
    ? /embarg/i.test(embargoName) || embargo === 'ahead'
    : !namesOfNinjs.includes(embargoName) && !(embargo === 'past' && isTime);
  return (embargo !== undefined && isIgnored) || inner.some(isMisnamed);
}

/** Publishes an item; throws where an answer, or an announcement, has anything of an item that may not be shown yet, or lacks one that may. */
export async function tryEmbargoes(part: Part): Promise<void> {
  const pipeline = new Pipeline();
  const article = {
    versionCreated: iso(ended),
    subjects: [{ rel: 'section', literal: 'news/local' }],
    ...written(part, '0'),
  };
  const front = {
    name: 'home',
    versionCreated: iso(ended),
    containers: [{ title: 'Top', pins: [`urn:embargoes:${markOf('0')}`], backfill: 'latest' }],
  };
  await store(pipeline, busEvent('front.published', { front, receivedAt: ended }), 'front');
  await store(pipeline, busEvent('article.published', { article, receivedAt: noon }), 'article');
  await pipeline.projectNews(true);
  if (isMisnamed(part)) {
    assert.equal(pipeline.articles.heads.size, 0, 'an embargo under a name that ninjs does not have is ignored');
    return;
  }
  assert.deepEqual(pipeline.rejections.kept, [], 'the item is refused');
  await assertSeen(pipeline, marksOf(part, noon));
  await pipeline.pass(released - noon);
  await assertSeen(pipeline, marksOf(part, released));
}

async function assertSeen(pipeline: Pipeline, marks: readonly Marked[]): Promise<void> {
  const [head] = pipeline.articles.heads.values();
  const item = `/articles/${head?.articleId ?? ''}.json`;
  const lists = ['latest', 'section/news', 'section/news/local'].flatMap((feed) => [
    `/${feed}`,
    ...['json', 'rss', 'atom'].map((form) => `/feeds/${feed}.${form}`),
  ]);
  const urls = [
    item,
    ...(head?.path === undefined ? [] : [head.path]),
    '/',
    '/fronts/home.json',
    '/fronts/home.html',
    '/sitemap-news.xml',
    '/changes',
    ...lists,
  ];
  const announced = JSON.stringify(pipeline.announcer.announced.filter(({ type }) => type !== 'article.rejected'));
  for (const { mark, isShown } of marks)
    if (!isShown) assert.ok(!announced.includes(mark), `${mark} is announced before it may be shown`);
  for (const url of urls) {
    const answer = await pipeline.see(url);
    const said = JSON.stringify([answer.headers, answer.body]);
    for (const { mark, isShown } of marks) {
      if (!isShown) assert.ok(!said.includes(mark), `${url} shows ${mark}`);
      else if (url === item) assert.ok(said.includes(mark), `${url} does not show ${mark}`);
    }
  }
}

/** Minutes from a version's receipt to its `versionCreated`. */
export const minutesAhead = fc.integer({ min: -60, max: 24 * 60 });

/** Publishes a version that names a time ahead of its receipt; throws where one more than 15 minutes ahead is stored, since it would win over every later one. */
export async function tryAhead(minutes: number): Promise<void> {
  const pipeline = new Pipeline();
  const article = {
    uri: 'urn:embargoes:ahead',
    versionCreated: iso(noon + minutes * 60_000),
    headlines: [{ value: 'Ahead' }],
  };
  await store(pipeline, busEvent('article.published', { article, receivedAt: noon }), 'article');
  assert.equal(pipeline.articles.heads.size, minutes <= 15 ? 1 : 0, `a version ${minutes} minutes ahead`);
}

export const properties = [fc.asyncProperty(embargoedItems, tryEmbargoes), fc.asyncProperty(minutesAhead, tryAhead)];
