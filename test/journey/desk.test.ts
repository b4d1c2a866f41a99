import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notYet, order, rollback, unknownOf } from '../../infra/cli/commands.ts';
import { connect, type Connection } from '../../infra/cli/connection.ts';
import { differences, historyLines, historyOf, paragraphsOf, versionIn } from '../../infra/cli/history.ts';
import { articleIdOf } from '../../shared/article.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

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
    await newsroom.until(
      'nothing is left',
      async () => !JSON.stringify((await historyOf(desk.articles, uri)).versions).includes('lorries'),
    );
    await newsroom.put('article.updated', story({ uri, versionCreated: new Date().toISOString() }));
    await newsroom.settled();
    expect(await status()).toBe(410);
    expect(JSON.stringify((await historyOf(desk.articles, uri)).versions)).not.toContain('lorries');
  });

  test('finds in every row the number of its shape, whoever wrote it', async () => {
    for (const table of ['ArticlesTableName', 'FeedsTableName']) {
      const { Items = [] } = await newsroom.dynamoDb.send(new ScanCommand({ TableName: newsroom.stack.outputs[table], ConsistentRead: true }));
      expect(Items.length).toBeGreaterThan(0);
      expect(Items.filter(({ schema }) => schema?.N !== '1')).toEqual([]);
    }
  });

  test('is told of a uri that nobody ever sent', async () => {
    expect(await unknownOf(desk.articles, [uri, 'urn:desk:typo'])).toEqual(['urn:desk:typo']);
    await expect(historyOf(desk.articles, 'urn:desk:typo')).rejects.toThrow(/nothing was ever received of urn:desk:typo/);
  });
});

describe('on the command line', () => {
  const run = promisify(execFile);
  const pressrun = async (...given: string[]): Promise<{ code: number; out: string; err: string }> => {
    const args = ['infra/cli/main.ts', '--endpoint-url', newsroom.stack.awsUrl, '--time-zone', 'Europe/London', ...given];
    try {
      const { stdout, stderr } = await run(process.execPath, args);
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  };
  const many = ['urn:desk:many-1', 'urn:desk:many-2', 'urn:desk:many-3'];
  const picture = {
    uri: 'urn:desk:picture',
    type: 'picture',
    by: 'Mia Stone',
    renditions: [{ href: 'https://pictures.example.com/desk.jpg', width: 800 }],
  };

  test.each([
    [['witdraw'], 'Did you mean withdraw?'],
    [['--endpoint-url', '127.0.0.1:4566', 'status'], 'an address such as http://'],
    [['--articles-table', 'nowhere', 'history', uri], '--articles-table'],
    [['smoke', '--embargo-seconds', 'soon'], '--embargo-seconds'],
  ])('a mistake is named, and not buried under the help of all: %j', async (given, named) => {
    const { code, err } = await pressrun(...given);
    expect(code).toBe(1);
    expect(err).toContain(named);
    expect(err.split('\n').length).toBeLessThan(20);
  });

  test('a file of stories is withdrawn at once; nothing is destroyed unasked, nor where a uri is mistyped', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pressrun-desk-'));
    const file = join(directory, 'uris.txt');
    await writeFile(file, ['# from legal', ...many, ''].join('\n'));
    for (const [index, each] of many.entries())
      await newsroom.put('article.published', story({ uri: each, versionCreated: minutesAgo(9 - index) }));
    const standings = async (): Promise<string> =>
      (await Promise.all(many.map(async (each) => (await newsroom.get(`/articles/${articleIdOf(each)}.json`)).status))).join();
    await newsroom.until('all are live', async () => (await standings()) === '200,200,200');

    expect(await pressrun('withdraw', '--from', file)).toMatchObject({ code: 1, err: expect.stringMatching(/--yes/) as unknown });
    expect(await pressrun('withdraw', '--from', file, 'urn:desk:typo', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/urn:desk:typo/) as unknown,
    });
    expect(await standings()).toBe('200,200,200');

    const { code, out } = await pressrun('--json', 'withdraw', '--from', file, '--yes', '--actor', 'ada', '--reason', 'injunction 7');
    expect([code, (JSON.parse(out) as { notYet: unknown }).notYet]).toEqual([0, []]);
    await newsroom.until('all are gone', async () => (await standings()) === '410,410,410');
    expect((await pressrun('history', many[0] ?? '')).out).toMatch(
      /withdrawn: readers get 410[^]*article\.unpublished.*\[ada: injunction 7\]/,
    );
    await rm(directory, { recursive: true });
  });

  test('a picture is found, pulled and restored, and its history told', async () => {
    const illustrated = 'urn:desk:illustrated';
    await newsroom.put('article.published', story({ uri: illustrated, versionCreated: minutesAgo(9), associations: [picture] }));
    await newsroom.until('it is live', async () => (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).status === 200);
    expect((await pressrun('pictures', illustrated)).out).toContain('urn:desk:picture');
    expect(await pressrun('pull-picture', picture.uri, '--yes', '--actor', 'ada', '--reason', 'no licence')).toMatchObject({ code: 0 });
    await newsroom.until(
      'it is gone',
      async () => !(await (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).text()).includes('desk.jpg'),
    );
    expect((await pressrun('pictures', illustrated)).out).toContain('PULLED');
    expect((await pressrun('history', picture.uri)).out).toMatch(/was pulled[^]*article\.held.*\[ada: no licence\]/);
    expect(await pressrun('restore-picture', picture.uri, '--yes')).toMatchObject({ code: 0 });
    await newsroom.until('it is back', async () =>
      (await (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).text()).includes('desk.jpg'),
    );
  });

  test('what cannot be replayed is named before anybody is asked whether it is meant', async () => {
    const since = ['--from', minutesAgo(9)];
    expect(await pressrun('replay', ...since, '--to-subscription', 'nobody')).toMatchObject({ code: 1, err: expect.stringMatching(/nobody subscribed as nobody/) as unknown });
    expect(await pressrun('replay', ...since)).toMatchObject({ code: 1, err: expect.stringMatching(/--yes/) as unknown });
  });

  test('times are those of the zone asked for, and help helps', async () => {
    const { out } = await pressrun('history', many[0] ?? '');
    const { out: inTokyo } = await pressrun('--time-zone', 'Asia/Tokyo', 'history', many[0] ?? '');
    expect(out).not.toBe(inTokyo);
    const { out: help } = await pressrun('--help');
    for (const command of [
      'history',
      'show',
      'diff',
      'rollback',
      'withdraw',
      'hold',
      'unhold',
      'erase',
      'pull-picture',
      'rejected',
      'redrive',
    ])
      expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(await pressrun('withdrawn', 'urn:x')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/unknown command 'withdrawn'/) as unknown,
    });
  });
});
