import { setTimeout as delay } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { articleIdOf } from '../../shared/article/article.ts';
import { shortened } from '../../shared/shortened.ts';
import { samplePictureRenditions } from './sample-pictures.ts';
import { ferryUpdate, sampleStories, withdrawnSlug } from './sample-stories.ts';
import type { SamplePicture, SampleStory } from './sample-stories.ts';
import { publishSteps, ObservedPublishes } from './observed-publish.ts';
import type { PublishStep, ObservedPublish } from './observed-publish.ts';
import type { StackEvents } from '../laptop/observations.ts';

/** An event of the sample edition. */
export interface SampleEvent {
  readonly source: 'sample-newsroom';
  readonly 'detail-type': 'article.published' | 'article.updated' | 'article.unpublished';
  readonly detail: { readonly article: SampleArticle; readonly path?: string; readonly reason?: string };
}

/** As much of a ninjs 3.1 item as the sample edition uses; a withdrawal needs no more than the first two fields. */
export interface SampleArticle {
  readonly uri: string;
  readonly versionCreated: string;
  readonly headlines?: readonly { readonly role: string; readonly value: string }[];
  readonly [ninjs: string]: unknown;
}

export interface SampleStack {
  readonly awsUrl: string;
  readonly edgeUrl: string;
  readonly busName: string;
  readonly events: StackEvents;
}

/**
 * Eighteen stories, then an update to one of them and the withdrawal of another, all before `now` (epoch milliseconds). Their
 * pictures are where a stack with this edge serves them.
 */
export function sampleEdition(now: number, edgeUrl: string): SampleEvent[] {
  const published = sampleStories.map((story) => publication(story, now, edgeUrl));
  const updated = sampleStories
    .filter(({ slug }) => slug === ferryUpdate.slug)
    .map((story): SampleEvent => {
      const { article, path } = publication(
        { ...story, headline: ferryUpdate.headline, body: ferryUpdate.paragraph + story.body },
        now,
        edgeUrl,
      ).detail;
      return sampleEvent('article.updated', {
        article: { ...article, versionCreated: instant(now, 2) },
        ...(path !== undefined && { path }),
      });
    });
  const withdrawn = sampleEvent('article.unpublished', {
    article: { uri: uriOf(withdrawnSlug), versionCreated: instant(now, 1) },
    reason: 'The injured sailor is another prince.',
  });
  return [...published, ...updated, withdrawn];
}

/** EventBridge takes no more entries in one PutEvents. */
const entriesPerCall = 10;
const pollMilliseconds = 40;

/**
 * Publishes the sample edition on a running stack and prints each story's steps, in milliseconds from PutEvents. A
 * story's second event is sent once the first is fresh at the edge. Returns the steps of every event. @throws {Error} A
 * story was rejected, or missed a step; the message names both.
 */
export async function publishSampleEdition(
  stack: SampleStack,
  print: (line: string) => void,
  { timeoutMilliseconds = 30_000 }: { readonly timeoutMilliseconds?: number } = {},
): Promise<EventTimes[]> {
  const client = new EventBridgeClient({
    endpoint: stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const publishes = new ObservedPublishes(stack.events, timeoutMilliseconds);
  const run: Run = { stack, publishes, client, print };
  try {
    const [first, later] = opened(sampleEdition(Date.now(), stack.edgeUrl));
    print('');
    print('The sample edition, in milliseconds from PutEvents:');
    print(row('', 'story', publishSteps));
    const stories: Promise<EventTimes[]>[] = [];
    for (let start = 0; start < first.length; start += entriesPerCall) {
      const together = first.slice(start, start + entriesPerCall);
      const sent = put(run, together);
      stories.push(
        ...together.map((opening, index) =>
          follow(run, opening, sent, index, later.get(opening.detail.article.uri) ?? []),
        ),
      );
    }
    return (await Promise.all(stories)).flat();
  } finally {
    publishes.close();
    client.destroy();
  }
}

/** The steps of one event, in milliseconds from PutEvents. */
export interface EventTimes {
  readonly kind: string;
  readonly milliseconds: readonly number[];
}

interface Run {
  readonly stack: SampleStack;
  readonly publishes: ObservedPublishes;
  readonly client: EventBridgeClient;
  readonly print: (line: string) => void;
}

interface Sent {
  readonly at: number;
  readonly eventIds: readonly string[];
}

/** The first event of each story, and its later events. */
function opened(edition: readonly SampleEvent[]): [first: SampleEvent[], later: Map<string, SampleEvent[]>] {
  const first: SampleEvent[] = [];
  const later = new Map<string, SampleEvent[]>();
  for (const each of edition) {
    const { uri } = each.detail.article;
    const rest = later.get(uri);
    if (rest) {
      rest.push(each);
    } else {
      first.push(each);
      later.set(uri, []);
    }
  }
  return [first, later];
}

async function put({ stack, client }: Run, events: readonly SampleEvent[]): Promise<Sent> {
  const at = Date.now();
  const { Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: events.map(({ source, 'detail-type': type, detail }) => ({
        EventBusName: stack.busName,
        Source: source,
        DetailType: type,
        Detail: JSON.stringify(detail),
      })),
    }),
  );
  const eventIds = events.map((each, index) => {
    const { EventId, ErrorMessage, ErrorCode } = Entries[index] ?? {};
    if (EventId === undefined)
      throw new Error(
        `sample edition: the bus refused “${titleOf(each)}”: ${ErrorMessage ?? ErrorCode ?? 'no reason given'}`,
      );
    return EventId;
  });
  return { at, eventIds };
}

/** One story, to the last event of its own. */
async function follow(
  run: Run,
  opening: SampleEvent,
  sent: Promise<Sent>,
  index: number,
  later: readonly SampleEvent[],
): Promise<EventTimes[]> {
  const articleId = articleIdOf(opening.detail.article.uri);
  let title = titleOf(opening);
  const first = await followOne(run, opening, run.publishes.begin(articleId, title), sent, index, 0);
  const times = [first.times];
  let { seq } = first;
  for (const next of later) {
    title = next.detail.article.headlines ? titleOf(next) : title;
    const publish = run.publishes.begin(articleId, title);
    const followed = await followOne(run, next, publish, put(run, [next]), 0, seq);
    times.push(followed.times);
    seq = followed.seq;
  }
  return times;
}

/** Returns the seq that the story reached, and the event's way. */
async function followOne(
  { stack, print }: Run,
  event: SampleEvent,
  publish: ObservedPublish,
  sending: Promise<Sent>,
  index: number,
  seqBefore: number,
): Promise<{ readonly seq: number; readonly times: EventTimes }> {
  const { at, eventIds } = await sending;
  const eventId = eventIds[index] ?? '';
  const received = await publish.received(eventId);
  const stored = await publish.stored();
  const { seq, at: inFeeds } = await publish.announced(seqBefore);
  const purged = await publish.purged(seq);
  const isGone = event['detail-type'] === 'article.unpublished';
  const url = `${stack.edgeUrl}/articles/${publish.articleId}.json`;
  while (!(await isFresh(url, seq, isGone, publish.millisecondsLeft('fresh')))) await delay(pollMilliseconds);
  const times: Record<PublishStep, number> = { received, stored, feeds: inFeeds, purged, fresh: Date.now() };
  const [, kind = ''] = event['detail-type'].split('.');
  const milliseconds = publishSteps.map((stage) => times[stage] - at);
  print(row(kind, publish.title, milliseconds.map(String)));
  return { seq, times: { kind, milliseconds } };
}

async function isFresh(url: string, seq: number, isGone: boolean, timeoutMilliseconds: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    const text = await response.text();
    if (isGone) return response.status === 410;
    if (response.status !== 200) return false;
    const article = JSON.parse(text) as { _pressrun?: { seq?: number } };
    return (article._pressrun?.seq ?? 0) >= seq;
  } catch (error) {
    // Time is up; the caller makes the message.
    if (error instanceof DOMException && error.name === 'TimeoutError') return false;
    throw error;
  }
}

const kindColumns = 12;
const titleColumns = 54;
const timeColumns = 9;

function row(kind: string, title: string, times: readonly string[]): string {
  return `  ${kind.padEnd(kindColumns)}${shortened(title, { characters: titleColumns }).padEnd(titleColumns)}${times.map((time) => time.padStart(timeColumns)).join('')}`;
}

/** The edition in a few lines: how many events of each kind, and the median of their milliseconds to each stage. */
export function summaryOf(times: readonly EventTimes[]): string[] {
  const kinds = [...new Set(times.map(({ kind }) => kind))];
  return [
    '',
    'The sample edition, in milliseconds from PutEvents (the median of each kind; --verbose shows every story):',
    row('', '', publishSteps),
    ...kinds.map((kind) => {
      const ways = times.filter((one) => one.kind === kind).map(({ milliseconds }) => milliseconds);
      return row(
        kind,
        ways.length === 1 ? '1 story' : `${ways.length} stories`,
        publishSteps.map((_, stage) => String(median(ways.map((way) => way[stage] ?? 0)))),
      );
    }),
  ];
}

/** The lower one where there are two. */
function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}

function titleOf({ detail }: SampleEvent): string {
  return detail.article.headlines?.[0]?.value ?? detail.article.uri;
}

function sampleEvent(type: SampleEvent['detail-type'], detail: SampleEvent['detail']): SampleEvent {
  return { source: 'sample-newsroom', 'detail-type': type, detail };
}

function uriOf(slug: string): string {
  return `urn:sample-newsroom:${slug}`;
}

function instant(now: number, minutesAgo: number): string {
  return new Date(now - minutesAgo * 60_000).toISOString();
}

function publication(story: SampleStory, now: number, edgeUrl: string): SampleEvent {
  const published = instant(now, story.minutesAgo);
  return sampleEvent('article.published', {
    article: {
      uri: uriOf(story.slug),
      standard: { name: 'ninjs', version: '3.1', schema: 'https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json' },
      type: 'text',
      versionCreated: published,
      firstPublished: published,
      pubStatus: 'usable',
      urgency: story.urgency,
      language: story.language,
      headlines: [{ role: 'main', value: story.headline }],
      descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: story.standfirst }],
      bodies: [{ role: 'main', contentType: 'text/html', value: story.body.trim() }],
      by: story.authors.join(' and '),
      slugline: story.slug,
      located: story.located,
      subjects: [
        { rel: 'section', literal: story.section, name: sectionName(story.section) },
        ...story.topics.map((name) => ({ rel: 'about', name })),
      ],
      people: story.authors.map((name) => ({ rel: 'author', name })),
      genres: [{ name: story.genre }],
      associations: [
        ...(story.picture ? [pictureItem(story.picture, story.language, edgeUrl)] : []),
        ...related(story),
      ],
      copyrightHolder: 'Sample Newsroom',
    },
    path: `/${story.section}/${story.slug}`,
  });
}

function sectionName(section: string): string {
  const last = section.slice(section.lastIndexOf('/') + 1);
  return last.charAt(0).toUpperCase() + last.slice(1);
}

/** Related stories: those of the same topic. */
function related({ slug, topics }: SampleStory): object[] {
  return sampleStories
    .filter((other) => other.slug !== slug && other.topics.some((topic) => topics.includes(topic)))
    .map((other) => ({
      name: 'related',
      uri: uriOf(other.slug),
      type: 'text',
      headlines: [{ role: 'main', value: other.headline }],
    }));
}

function pictureItem({ name, alt, caption, credit }: SamplePicture, language: string, edgeUrl: string): object {
  return {
    name: 'main',
    uri: `urn:sample-newsroom:picture:${name}`,
    type: 'picture',
    language,
    by: credit,
    headlines: [{ role: 'main', value: alt }],
    descriptions: [{ role: 'caption', contentType: 'text/plain', value: caption }],
    renditions: samplePictureRenditions(edgeUrl, name),
  };
}
