import { describe, expect, test } from '@jest/globals';
import { noon } from '../story.ts';
import { versionOf, holdOf, StoredArticle } from './stored-article.ts';

describe('the origin of a head', () => {
  const [replayed, event] = [{ correlationId: 'lost', replay: 'may' }, { correlationId: 'known' }];

  test('is the replay that first brought its version, even if the event itself arrives later', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf({ more: { origin: replayed } }));
    expect(await stored.settle()).toMatchObject({ change: 'live', origin: replayed });
    await stored.put(versionOf({ more: { origin: event } }));
    expect(await stored.settle()).toMatchObject({ origin: replayed });
    expect(stored.articles.stream).toHaveLength(1);
  });

  test('is the hold, then the end of the hold, then a version received later than both', async () => {
    const stored = new StoredArticle();
    await stored.put(versionOf({ more: { origin: event } }));
    await stored.settle();
    await stored.articles.putHold(holdOf('held', 10, { origin: { correlationId: 'hold' } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'gone', origin: { correlationId: 'hold' } });
    await stored.put(versionOf({ at: 20, more: { origin: replayed } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'gone', origin: { correlationId: 'hold' } });
    await stored.articles.putHold(holdOf('unheld', 30, { origin: { correlationId: 'end' } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'live', origin: { correlationId: 'end' } });
    await stored.put(versionOf({ at: 40, more: { origin: replayed } }));
    expect(await stored.settle()).toMatchObject({ visibility: 'live', origin: replayed });
  });

  test('is still that of its version when the clock takes it out of lists', async () => {
    const stored = new StoredArticle();
    await stored.put(
      versionOf({ article: { expires: new Date(noon + 120_000).toISOString() }, more: { origin: replayed } }),
    );
    await stored.settle();
    stored.clock.time = noon + 120_000;
    expect(await stored.settle()).toMatchObject({ feeds: [], origin: replayed });
  });
});
