import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { whyOf, whyOfFront, whyOfPicture, type StoryFacts } from '../../tools/cli/why.ts';
import { settle } from '../../shared/article/settle.ts';
import type { Rejection } from '../../shared/trace/publish-trace.ts';
import {
  compareVersions,
  versionKey,
  type Content,
  type FrontContent,
  type Hold,
  type Version,
} from '../../shared/article/version.ts';
import { noon } from './story.ts';

const minute = 60_000;
const when = (instant: number): string => `+${(instant - noon) / minute}`;
const now = noon + 100 * minute;

const version = (at: number, more: Partial<Version> = {}, said: Partial<Content> = {}): Version => ({
  articleId: 'a'.repeat(16),
  versionCreated: noon + at * minute,
  revision: 0,
  receivedAt: noon + at * minute,
  digest: String(at).padStart(64, '0'),
  status: 'usable',
  ...more,
  content: {
    event: 'article.published',
    article: { uri: 'urn:a', versionCreated: new Date(noon + at * minute).toISOString() },
    ...said,
  },
});
const hold = (kind: Hold['kind'], at: number): Hold => ({
  articleId: 'a'.repeat(16),
  uri: 'urn:a',
  receivedAt: noon + at * minute,
  digest: 'd',
  kind,
  actor: 'ada',
  reason: 'injunction 7',
});
const live = (shown: Version): StoryFacts['head'] => ({
  visibility: 'live',
  version: versionKey(shown),
  path: '/news/a',
});
const shows = (story: Partial<StoryFacts>): string => whyOf({ versions: [], holds: [], ...story }, now, when);

describe('the reason for an article’s visibility', () => {
  const [first, second] = [version(1), version(2)];
  const until = (at: number): Partial<Version> => ({ embargoedUntil: noon + at * minute });
  const rejection = (at: number): Rejection[] => [
    {
      eventId: 'e',
      source: 's',
      errors: [
        { path: 'article.headlines', message: 'is missing' },
        { path: '', message: 'is no JSON' },
      ],
      refusedAt: noon + at * minute,
    },
  ];
  const withdrawal = version(
    3,
    { status: 'canceled' },
    { event: 'article.unpublished', actor: 'ada', reason: 'complaint' },
  );

  test.each<[string, Partial<StoryFacts>, string]>([
    ['live', { head: live(first), versions: [first] }, 'live at /news/a'],
    [
      'a profile',
      { head: { visibility: 'live', version: versionKey(first), profileOf: 'author/ada-marlow' }, versions: [first] },
      'live as the profile on /author/ada-marlow: readers see it while a story is listed there; its changes are announced by feed.changed alone, and no steps of them are recorded',
    ],
    [
      'a post',
      {
        head: { visibility: 'live', version: versionKey(first), liveStory: 'aaaaaaaaaaaaaaaa' },
        versions: [version(1, {}, { ...first.content, post: { story: 'urn:storm' } })],
      },
      'live as a post of urn:storm: readers see it while that live story is public; its changes are announced by feed.changed alone, and no steps of them are recorded',
    ],
    [
      'expired',
      {
        head: live(first),
        versions: [
          version(1, {}, { article: { ...first.content.article, expires: new Date(noon + 5 * minute).toISOString() } }),
        ],
      },
      'live at /news/a; expired since +5: its page stays, no list shows it',
    ],
    [
      'path clash',
      {
        head: { visibility: 'live', version: versionKey(first), path: '/articles/a/a', pathClash: '/news/a' },
        versions: [first],
        pathOwner: 'urn:b',
      },
      'live at /articles/a/a; the path /news/a that it asks for belongs to urn:b',
    ],
    [
      'an update waits',
      { head: live(first), versions: [first, version(2, until(200))] },
      'live at /news/a; version 2 is embargoed until +200',
    ],
    ['superseded under embargo', { head: live(second), versions: [version(1, until(50)), second] }, 'live at /news/a'],
    [
      'superseded above',
      { head: live(first), versions: [first, version(2, until(300)), version(3, until(400))] },
      'live at /news/a; version 3 is embargoed until +400; version 2 is never shown: its embargo until +300 was still ahead when version 3 superseded it on +3',
    ],
    [
      'embargoed',
      { versions: [version(1, until(200))] },
      'not public: readers get 404; version 1 is embargoed until +200',
    ],
    [
      'withdrawn',
      { head: { visibility: 'gone', version: versionKey(withdrawal) }, versions: [first, withdrawal] },
      'withdrawn by version 2 (article.unpublished), received +3 by ada (complaint): readers get 410',
    ],
    [
      'continued by another story',
      {
        head: { visibility: 'gone', version: versionKey(withdrawal) },
        versions: [first, { ...withdrawal, content: { ...withdrawal.content, continuedBy: 'urn:b' } }],
      },
      'withdrawn by version 2 (article.unpublished), received +3 by ada (complaint): readers get 410, or the page of urn:b while that is live',
    ],
    [
      'withheld',
      {
        head: { visibility: 'hidden', version: versionKey(version(4, { status: 'withheld' })) },
        versions: [first, version(4, { status: 'withheld' })],
      },
      'withheld by version 2 (article.published), received +4: readers get 404',
    ],
    [
      'never public',
      { head: { visibility: 'hidden', version: versionKey(withdrawal) }, versions: [withdrawal] },
      'withdrawn before it was public by version 1 (article.unpublished), received +3 by ada (complaint): readers get 404',
    ],
    [
      'held',
      { head: { visibility: 'gone', version: versionKey(first) }, versions: [first], holds: [hold('held', 9)] },
      'held since +9 by ada (injunction 7): readers get 410',
    ],
    [
      'held in advance',
      { versions: [], holds: [hold('held', 9)] },
      'held since +9 by ada (injunction 7): readers get 404',
    ],
    [
      'erased',
      { head: { visibility: 'gone' }, versions: [first], holds: [hold('held', 3), hold('erased', 9)] },
      'erased on +9 by ada (injunction 7): readers get 410',
    ],
    [
      'no longer held',
      { head: live(first), versions: [first], holds: [hold('held', 3), hold('unheld', 9)] },
      'live at /news/a',
    ],
    [
      'refused',
      { rejections: rejection(5) },
      'not public: readers get 404; an event of it was rejected on +5: article.headlines is missing, event is no JSON',
    ],
    [
      'refused later',
      { head: live(first), versions: [first], rejections: rejection(5) },
      'live at /news/a; an event of it was rejected on +5: article.headlines is missing, event is no JSON',
    ],
    ['refused before', { head: live(second), versions: [second], rejections: rejection(1) }, 'live at /news/a'],
  ])('%s', (_, story, sentence) => {
    expect(shows(story)).toBe(sentence);
  });

  test('a picture and a front have such a sentence, too', () => {
    expect(whyOfPicture([], when)).toBe('a picture that readers see');
    expect(whyOfPicture([hold('held', 4)], when)).toBe(
      'a picture that no story and no list shows: it was pulled on +4 by ada (injunction 7)',
    );
    expect(whyOfPicture([hold('held', 4), hold('unheld', 5)], when)).toBe('a picture that readers see');
    const content = {
      event: 'front.published',
      front: { name: 'home', versionCreated: '', containers: [] },
      actor: 'ada',
    } as unknown as FrontContent;
    const front = { ...version(4), content };
    const head = { visibility: 'live', version: versionKey(front) };
    expect(whyOfFront({ name: 'home', head, versions: [front] }, when)).toBe(
      'the front home shows version 1, received +4 by ada',
    );
    expect(whyOfFront({ name: 'home', head: { ...head, visibility: 'gone' }, versions: [front] }, when)).toBe(
      'the front home is not public: it was taken away by version 1, received +4 by ada; readers get 410',
    );
    expect(whyOfFront({ name: 'home', versions: [] }, when)).toBe(
      'the front home is not public: no version of it is settled; readers get 404',
    );
    const rejection = {
      eventId: 'e',
      source: 'desk',
      front: 'home',
      errors: [{ path: 'front.containers', message: 'must hold at least one container' }],
      refusedAt: front.receivedAt + 60_000,
    };
    expect(whyOfFront({ name: 'home', head, versions: [front], rejections: [rejection] }, when)).toBe(
      'the front home shows version 1, received +4 by ada; an event of it was rejected on +5: front.containers must hold at least one container',
    );
    expect(
      whyOfFront(
        { name: 'home', head, versions: [front], rejections: [{ ...rejection, refusedAt: front.receivedAt - 60_000 }] },
        when,
      ),
    ).toBe('the front home shows version 1, received +4 by ada');
  });

  test('agrees with settle, whatever was received', async () => {
    const arbitrary = fc.record({
      created: fc.nat(5),
      received: fc.integer({ min: 0, max: 90 }),
      embargo: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
      status: fc.constantFrom('usable', 'usable', 'usable', 'canceled', 'withheld'),
      digest: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { maxLength: 6 }), async (given) => {
        const versions = given
          .map(({ created, received, embargo, status, digest }) =>
            version(created, {
              receivedAt: noon + received * minute,
              status,
              digest: String(digest).padStart(64, '0'),
              embargoedUntil: embargo === undefined ? undefined : noon + embargo * minute,
            }),
          )
          .sort(compareVersions);
        const listed = async function* (all: readonly Version[]): AsyncGenerator<Version> {
          for (const each of all) yield await Promise.resolve(each);
        };
        const settled = await settle(
          { holds: [], newestFirst: listed(versions.toReversed()), oldestFirst: listed(versions) },
          now,
        );
        const shown = settled.outcome.version;
        const said = whyOf(
          {
            head: { visibility: settled.outcome.visibility, path: '/p', ...(shown && { version: versionKey(shown) }) },
            versions,
            holds: [],
          },
          now,
          when,
        );
        // A version without an embargo needs no scheduled settle; the earliest embargo is scheduled next.
        const waits = Array.from(said.matchAll(/is embargoed until \+(\d+)/g), ([, at]) => noon + Number(at) * minute);
        if (settled.outcome.visibility === 'live' || shown === undefined)
          expect(settled.settleAt).toBe(waits.length === 0 ? undefined : Math.min(...waits));
        expect(said.startsWith('live')).toBe(settled.outcome.visibility === 'live');
        expect(said.includes('readers get 410')).toBe(settled.outcome.visibility === 'gone');
      }),
    );
  });
});
