import { describe, expect, test } from '@jest/globals';
import { frontDifferences, frontHistoryLines, frontHistoryOf, frontLines, frontNamed } from '../../tools/cli/fronts.ts';
import type { Connection } from '../../tools/cli/connection.ts';
import type { Front, FrontContainer } from '../../shared/front/front.ts';
import { MemoryPublishTraces } from '../fakes/memory-publish-traces.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon } from './story.ts';

const front = (...containers: FrontContainer[]): Front => ({
  name: 'home',
  versionCreated: '2026-05-01T12:00:00.000Z',
  containers,
});
const top: FrontContainer = {
  title: 'Top',
  pins: ['urn:a', 'urn:b'],
  backfill: 'latest',
  limit: 4,
  seeMore: '/latest',
  links: [{ label: 'More', href: 'https://www.example.org/' }],
};
const sport: FrontContainer = { title: 'Sport', backfill: 'section/sport' };

describe('the name of a front', () => {
  test.each([
    ['front:home', 'home'],
    ['urn:front:home', undefined],
    ['front:', undefined],
  ])('in %s is %s', (uri, name) => {
    expect(frontNamed(uri)).toBe(name);
  });
});

test('show prints a front as its desk sent it', () => {
  expect(frontLines(front(top, sport))).toEqual([
    '',
    'Top',
    '  pin       urn:a',
    '  pin       urn:b',
    '  backfill  latest',
    '  limit     4',
    '  see more  /latest',
    '  link      More: https://www.example.org/',
    '',
    'Sport',
    '  backfill  section/sport',
  ]);
});

describe('the difference between two versions of a front', () => {
  test.each<[string, Front, Front, string[]]>([
    ['nothing', front(top, sport), { ...front(top, sport), versionCreated: '2026-05-02T12:00:00.000Z' }, []],
    [
      'a pin',
      front(top),
      front({ ...top, pins: ['urn:a', 'urn:c'] }),
      ['Top:', '-  pin       urn:b', '+  pin       urn:c'],
    ],
    ['a limit is removed', front({ title: 'Top', limit: 3 }), front({ title: 'Top' }), ['Top:', '-  limit     3']],
    ['a container more', front(top), front(top, sport), ['Sport: (new)', '+  backfill  section/sport']],
    ['a container less', front(top, sport), front(top), ['Sport: (removed)', '-  backfill  section/sport']],
    [
      'the order of pins',
      front({ title: 'Top', pins: ['urn:a', 'urn:b'] }),
      front({ title: 'Top', pins: ['urn:b', 'urn:a'] }),
      ['Top: (in another order)', '  pin       urn:b', '  pin       urn:a'],
    ],
    ['the order of containers', front(top, sport), front(sport, top), ['containers are in another order: Sport, Top']],
    [
      'two containers of one title',
      front(sport, sport),
      front(sport, { ...sport, limit: 2 }),
      ['Sport (2):', '+  limit     2'],
    ],
    ['a front that is withdrawn', front(sport), front(), ['Sport: (removed)', '-  backfill  section/sport']],
  ])('%s', (_, before, after, lines) => {
    expect(frontDifferences(before, after)).toEqual(lines);
  });
});

describe('the history of a front', () => {
  const publishTraces = new MemoryPublishTraces();
  const deskOf = ({ fronts }: Pipeline): Pick<Connection, 'fronts' | 'publishTraces'> => ({
    fronts: fronts as unknown as Connection['fronts'],
    publishTraces: publishTraces as unknown as Connection['publishTraces'],
  });

  test('lists every version, marks the one that readers see, and has the front’s rejections', async () => {
    const pipeline = new Pipeline(noon);
    for (const [minutes, containers] of [
      [1, [sport]],
      [2, [top]],
    ] as const) {
      await pipeline.send('front.published', {
        front: { ...front(...containers), versionCreated: new Date(noon + minutes * 1000).toISOString() },
        actor: 'ada',
      });
      pipeline.clock.time += 5000;
    }
    for (const name of ['home', 'other'])
      await publishTraces.noteRejection({ eventId: name, source: 'desk', front: name, errors: [], refusedAt: noon });
    const history = await frontHistoryOf(deskOf(pipeline), 'home');
    expect(frontHistoryLines(history).map(({ number, event, shown, actor }) => [number, event, shown, actor])).toEqual([
      [1, 'front.published', false, 'ada'],
      [2, 'front.published', true, 'ada'],
    ]);
    expect(history.rejections.map(({ eventId }) => eventId)).toEqual(['home']);
    expect((await frontHistoryOf(deskOf(pipeline), 'other')).versions).toEqual([]);
    await expect(frontHistoryOf(deskOf(pipeline), 'hom')).rejects.toThrow(
      /nothing was ever received of the front hom: is --stage right/,
    );
  });
});
