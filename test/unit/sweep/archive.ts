import { describe, expect, test } from '@jest/globals';
import type { ApiAnswer, Swept } from '../../../shared/cms/source-api.ts';
import type { CmsApi } from '../../../shared/cms/ports.ts';
import { ghostPost } from '../../fixtures/cms/newsroom.ts';
import { Newsroom } from './newsroom.ts';

describe('an archive of many pages', () => {
  const archive = Array.from({ length: 170 }, (_, index) =>
    ghostPost(`a${index}`, {
      updated_at: new Date(Date.parse('2020-01-01T00:00:00Z') + index * 3_600_000).toISOString(),
      published_at: '2020-01-01T00:00:00.000Z',
    }),
  );

  test('is imported in parts, each of which continues where the last one stopped', async () => {
    const newsroom = new Newsroom({ ghost: archive });
    const pieces: Swept[] = [];
    do
      pieces.push(await newsroom.sweep('ghost', { until: newsroom.pipeline.clock.time + 100_000 }, new Slow(newsroom)));
    while (pieces.at(-1)?.isComplete === false && pieces.length < 20);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map(({ seen }) => seen)).toEqual([...pieces.map(({ seen }) => seen)].sort((a, b) => a - b));
    expect(pieces.at(-1)).toMatchObject({ isComplete: true, seen: 170, total: 170 });
    expect(Object.keys(newsroom.live())).toHaveLength(170);
    expect((await newsroom.sweep('ghost', { wholeArchive: true })).sent).toBe(0);
  });

  test('is imported completely, even if a sweep of the last changes was interrupted', async () => {
    const newsroom = new Newsroom({ ghost: archive });
    const startedAt = new Date(newsroom.pipeline.clock.time).toISOString();
    await newsroom.marks.write('ghost:main', {
      sweptAt: startedAt,
      walk: { since: startedAt, startedAt, page: 1, seen: 0, total: 0 },
    });
    expect((await newsroom.sweep('ghost', { wholeArchive: true })).sent).toBe(170);
  });

  test('has no story hidden by another that is unpublished or edited during the import', async () => {
    const left = [...archive];
    const newsroom = new Newsroom({ ghost: left });
    let asked = 0;
    const moving: CmsApi = {
      ask: (request) => {
        const answer = newsroom.cms.ask(request);
        asked += 1;
        if (asked === 4) left.splice(left.length - 3, 2);
        return answer;
      },
    };
    await newsroom.sweep('ghost', {}, moving);
    for (const { id } of left) expect(newsroom.versions(`ghost:main/${String(id)}`)).toBe(1);
  });

  class Slow implements CmsApi {
    readonly #newsroom: Newsroom;
    constructor(newsroom: Newsroom) {
      this.#newsroom = newsroom;
    }
    ask(request: Parameters<CmsApi['ask']>[0]): Promise<ApiAnswer> {
      this.#newsroom.pipeline.clock.time += 25_000;
      return this.#newsroom.cms.ask(request);
    }
  }
});
