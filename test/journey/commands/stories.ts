import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { differenceLines, paragraphsOf } from '../../../tools/cli/differences.ts';
import { historyLines, historyOf, versionIn } from '../../../tools/cli/history.ts';
import { rollbackArticle, sendArticleEvents, unknownOf } from '../../../tools/cli/send-events.ts';
import { articlesNotYet } from '../../../tools/cli/wait-for-readers.ts';
import { story } from '../../unit/story.ts';
import { minutesAgo } from '../newsroom.ts';
import { connection, newsroom, pressrun } from './shared-newsroom.ts';

const uri = 'urn:desk:harbour';
const page = `/articles/${articleIdOf(uri)}.json`;
const said = { actor: 'ada', reason: 'complaint 4711' };
const status = async (): Promise<number> => (await newsroom.get(page)).status;

describe('the commands for a story', () => {
  test('show every version, what changed in it, and who sent it and why', async () => {
    await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9) }));
    await newsroom.put('article.updated', {
      ...story({ uri, versionCreated: minutesAgo(5), headlines: [{ role: 'main', value: 'Bridge open' }] }),
      bodies: [
        { contentType: 'text/html', value: '<p>The first lorries crossed at six.</p><p>Engineers applauded.</p>' },
      ],
    });
    await newsroom.until('both are stored', async () => (await newsroom.versions(uri)) === 2);
    await newsroom.settled();
    const history = await historyOf(connection.articles, uri);
    expect(historyLines(history)).toMatchObject([
      { number: 1, event: 'article.published', shown: false },
      { number: 2, event: 'article.updated', shown: true, headline: 'Bridge open' },
    ]);
    expect(paragraphsOf(versionIn(history, '1').content.article)).toEqual([
      'The first lorries crossed at five.',
      'Engineers applauded.',
    ]);
    const changed = differenceLines(versionIn(history, '1').content.article, versionIn(history, '2').content.article);
    expect(changed).toContain('  ~ The first lorries crossed at [-five-]{+six+}.');
    expect(changed.join('\n')).not.toContain('applauded');
    expect(() => versionIn(history, '3')).toThrow(/1 to 2/);
  });

  test('withdraw a story, and report when readers no longer see it', async () => {
    await sendArticleEvents(connection, 'article.unpublished', [uri], said, Date.now());
    expect(await articlesNotYet(connection.articles, [uri], 'article.unpublished', Date.now)).toEqual([]);
    await newsroom.until('it is gone at the edge', async () => (await status()) === 410);
    expect(historyLines(await historyOf(connection.articles, uri)).at(-1)).toMatchObject({
      event: 'article.unpublished',
      ...said,
    });
  });

  test('roll a story back to an earlier version', async () => {
    await rollbackArticle(connection, versionIn(await historyOf(connection.articles, uri), '1'), said, Date.now());
    await newsroom.until('it is back', async () => (await status()) === 200);
    expect(await newsroom.json(page)).toMatchObject({
      headlines: [{ value: 'Harbour bridge reopens after storm repairs' }],
    });
  });

  test('hold a story, and end the hold within the same second', async () => {
    await sendArticleEvents(connection, 'article.held', [uri], said, Date.now());
    expect(await articlesNotYet(connection.articles, [uri], 'article.held', Date.now)).toEqual([]);
    await sendArticleEvents(connection, 'article.unheld', [uri], said, Date.now());
    await newsroom.until('it is back', async () => (await status()) === 200);
  });

  test('erase every stored version permanently', async () => {
    await sendArticleEvents(connection, 'article.erased', [uri], said, Date.now());
    await newsroom.until(
      'nothing is left',
      async () => !JSON.stringify((await historyOf(connection.articles, uri)).versions).includes('lorries'),
    );
    await newsroom.put('article.updated', story({ uri, versionCreated: new Date().toISOString() }));
    await newsroom.settled();
    expect(await status()).toBe(410);
    expect(JSON.stringify((await historyOf(connection.articles, uri)).versions)).not.toContain('lorries');
  });

  test('leave the schema number in every row', async () => {
    for (const table of ['ArticlesTableName', 'FeedsTableName']) {
      const { Items = [] } = await newsroom.dynamoDb.send(
        new ScanCommand({ TableName: newsroom.stack.outputs[table], ConsistentRead: true }),
      );
      expect(Items.length).toBeGreaterThan(0);
      expect(Items.filter(({ schema }) => schema?.N !== '1')).toEqual([]);
    }
  });

  test.each([
    [['--articles-table', 'nowhere', 'history', uri], '--articles-table'],
    [['show', uri, '99'], 'there is no version 99'],
    [['redrive', 'stoer'], 'did you mean store?'],
  ])('name a wrong argument without the help of all commands: %j', async (given, named) => {
    const { code, err } = await pressrun(...given);
    expect(code).toBe(2);
    expect(err).toContain(named);
    expect(err.split('\n').length).toBeLessThan(20);
  });

  test('report an unknown uri', async () => {
    expect(await unknownOf(connection.articles, [uri, 'urn:desk:typo'])).toEqual(['urn:desk:typo']);
    await expect(historyOf(connection.articles, 'urn:desk:typo')).rejects.toThrow(
      /nothing was ever received of urn:desk:typo/,
    );
  });
});
