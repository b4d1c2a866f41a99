import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notYet, order, rollback, unknownOf } from '../../infra/cli/commands.ts';
import { connect, type Connection } from '../../infra/cli/connection.ts';
import { differences, historyLines, historyOf, paragraphsOf, versionIn } from '../../infra/cli/history.ts';
import { articleIdOf } from '../../shared/article.ts';
import { story } from '../unit/story.ts';
import { Newsroom } from './newsroom.ts';

let newsroom: Newsroom;
let desk: Connection;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
  desk = connect('local', newsroom.stack.awsUrl, '');
});

afterAll(async () => newsroom.close());

const uri = 'urn:desk:harbour';
const page = `/articles/${articleIdOf(uri)}.json`;
const said = { actor: 'ada', reason: 'complaint 4711' };
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const status = async (): Promise<number> => (await newsroom.get(page)).status;

describe('the desk', () => {
  test('sees every version, what changed, and who did what and why', async () => {
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9) }));
    await newsroom.put('article.updated', {
      ...story({ uri, versionCreated: minutesAgo(5), headlines: [{ role: 'main', value: 'Bridge open' }] }),
      bodies: [{ contentType: 'text/html', value: '<p>The first lorries crossed at six.</p><p>Engineers applauded.</p>' }],
    });
    await newsroom.until('both are stored', async () => (await newsroom.versions(uri)) === 2);
    await newsroom.settled();
    const history = await historyOf(desk.articles, uri);
    expect(historyLines(history)).toMatchObject([
      { number: 1, event: 'article.published', shown: false },
      { number: 2, event: 'article.updated', shown: true, headline: 'Bridge open' },
    ]);
    expect(paragraphsOf(versionIn(history, '1').content.article)).toEqual(['The first lorries crossed at five.', 'Engineers applauded.']);
    const changed = differences(versionIn(history, '1').content.article, versionIn(history, '2').content.article);
    expect(changed).toContain('  ~ The first lorries crossed at [-five-]{+six+}.');
    expect(changed.join('\n')).not.toContain('applauded');
    expect(() => versionIn(history, '3')).toThrow(/1 to 2/);
  });

  test('takes a story away, and says when readers no longer see it', async () => {
    await order(desk, 'article.unpublished', [uri], said, Date.now());
    expect(await notYet(desk.articles, [uri], 'article.unpublished', Date.now)).toEqual([]);
    await newsroom.until('it is gone at the edge', async () => (await status()) === 410);
    expect(historyLines(await historyOf(desk.articles, uri)).at(-1)).toMatchObject({ event: 'article.unpublished', ...said });
  });

  test('puts an old version back', async () => {
    await rollback(desk, versionIn(await historyOf(desk.articles, uri), '1'), said, Date.now());
    await newsroom.until('it is back', async () => (await status()) === 200);
    expect(await newsroom.json(page)).toMatchObject({ headlines: [{ value: 'Harbour bridge reopens after storm repairs' }] });
  });

  test('holds a story, and lets it go within the same second', async () => {
    await order(desk, 'article.held', [uri], said, Date.now());
    expect(await notYet(desk.articles, [uri], 'article.held', Date.now)).toEqual([]);
    await order(desk, 'article.unheld', [uri], said, Date.now());
    await newsroom.until('it is back', async () => (await status()) === 200);
  });

  test('erases every stored version for ever', async () => {
    await order(desk, 'article.erased', [uri], said, Date.now());
    await newsroom.until('nothing is left', async () => !JSON.stringify((await historyOf(desk.articles, uri)).versions).includes('lorries'));
    await newsroom.put('article.updated', story({ uri, versionCreated: new Date().toISOString() }));
    await newsroom.settled();
    expect(await status()).toBe(410);
    expect(JSON.stringify((await historyOf(desk.articles, uri)).versions)).not.toContain('lorries');
  });

  test('is told of a uri that nobody ever sent', async () => {
    expect(await unknownOf(desk.articles, [uri, 'urn:desk:typo'])).toEqual(['urn:desk:typo']);
    await expect(historyOf(desk.articles, 'urn:desk:typo')).rejects.toThrow(/nothing was ever received of urn:desk:typo/);
  });
});
