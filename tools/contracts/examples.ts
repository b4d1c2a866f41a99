import type { JsonSchema } from '@valibot/to-json-schema';

type Json = NonNullable<JsonSchema['default']>;

const articleId = 'alf6qorao7d3ib4p';
const uri = 'urn:newsroom:harbour-bridge';
const correlationId = '6a7e8feb-b491-4cf7-a9f1-bf3703467718';
const envelope = { schemaVersion: 1, occurredAt: '2026-05-01T12:00:00.412Z', correlationId };
const seq = 1_777_636_800_412;
const feeds = ['latest', 'section/news', 'section/news/local', 'topic/bridges'];
const order = { article: { uri, versionCreated: '2026-05-01T18:00:00Z' }, actor: 'duty lawyer', reason: 'injunction' };

/** One detail of each event: in every document that is made, and held against the schemas by a test. */
export const examples: Readonly<Record<string, Json>> = {
  'article.published': {
    path: '/news/local/bridge',
    article: {
      uri,
      versionCreated: '2026-05-01T12:00:00Z',
      headlines: [{ value: 'Harbour bridge reopens' }],
      bodies: [{ contentType: 'text/html', value: '<p>The first lorries crossed at five.</p>' }],
      by: 'Ada Marlow',
      subjects: [{ rel: 'section', literal: 'news/local' }, { name: 'Bridges' }],
    },
  },
  'article.updated': {
    revision: 2,
    article: {
      uri,
      versionCreated: '2026-05-01T12:00:00Z',
      headlines: [{ value: 'Harbour bridge reopens early' }],
      embargoedUntil: '2026-05-01T18:00:00+02:00',
      associations: [
        {
          type: 'picture',
          name: 'lead',
          renditions: [
            { href: 'https://pictures.example.com/bridge.jpg', contentType: 'image/jpeg', width: 1280, height: 853 },
          ],
        },
      ],
    },
  },
  'article.unpublished': order,
  'article.deleted': order,
  'article.held': order,
  'article.unheld': order,
  'article.erased': order,
  'front.published': {
    front: {
      name: 'home',
      versionCreated: '2026-05-01T12:00:00Z',
      containers: [{ title: 'Top stories', pins: [uri], backfill: 'section/news', limit: 6 }],
    },
  },
  'front.unpublished': { front: { name: 'home', versionCreated: '2026-05-01T18:00:00Z' } },
  'article.live': {
    id: '1f0c58a5a7e0a0a0f2f6c6e7f1b0b8d1',
    ...envelope,
    articleId,
    uri,
    seq,
    versionCreated: '2026-05-01T12:00:00.000Z',
    path: '/news/local/bridge',
    headline: 'Harbour bridge reopens',
    feeds,
  },
  'article.revised': {
    id: '6f2c1de58f9c4f18b1c5b0d7ce3d9a02',
    ...envelope,
    replay: 'lost-minutes',
    articleId,
    uri,
    seq,
    versionCreated: '2026-05-01T12:00:00.000Z',
    path: '/news/local/bridge',
    headline: 'Harbour bridge reopens early',
    feeds,
    leftFeeds: ['topic/storms'],
    warnings: [{ path: 'article.urgency', message: 'must be 1 to 9' }],
  },
  'article.withdrawn': {
    id: 'c3a1f0a94a7d4f7fb2b0d9a81b7a6e55',
    ...envelope,
    articleId,
    uri,
    seq,
    versionCreated: '2026-05-01T18:00:00.000Z',
    path: '/news/local/bridge',
    headline: 'Harbour bridge reopens early',
    feeds,
  },
  'article.rejected': {
    id: '0b9d6a1f3e2c4d5b8a7f6e5d4c3b2a10',
    ...envelope,
    seq,
    eventId: correlationId,
    source: 'my-newsroom',
    uri,
    errors: [{ path: 'article.urgency', message: 'must be 1 to 9' }],
  },
  'article.fresh': { id: '9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d', ...envelope, articleId, seq, milliseconds: 3120 },
  'front.changed': {
    id: '7c6b5a493827160f5e4d3c2b1a09f8e7',
    ...envelope,
    name: 'home',
    seq,
    change: 'revised',
    versionCreated: '2026-05-01T12:00:00.000Z',
  },
  'feed.changed': { id: '2b3c4d5e6f708192a3b4c5d6e7f80910', ...envelope, articleId, seq, feeds },
  'cdn.purged': {
    id: '5d4c3b2a190807f6e5d4c3b2a1908070',
    ...envelope,
    seq: seq + 2600,
    tags: ['feed:latest', 'feed:section:news', `article:${articleId}`],
    invalidationId: 'I2J0I21PCUYOIK',
    articles: [{ articleId, seq, correlationId }],
  },
};
