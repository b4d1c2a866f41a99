import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rollbackArticle, sendArticleEvents, unknownOf } from '../../tools/cli/send-events.ts';
import { articlesNotYet } from '../../tools/cli/wait-for-readers.ts';
import { connect, type Connection } from '../../tools/cli/connection.ts';
import { differences, historyLines, historyOf, paragraphsOf, versionIn } from '../../tools/cli/history.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { serveDashboard } from '../../tools/dashboard/serve.ts';
import { story } from '../unit/story.ts';
import { minutesAgo, Newsroom } from './newsroom.ts';

let newsroom: Newsroom;
let connection: Connection;

beforeAll(async () => {
  newsroom = await Newsroom.open({ purgeWindowSeconds: '0' });
  connection = connect('local', newsroom.stack.awsUrl, '');
});

afterAll(async () => newsroom.close());

const uri = 'urn:desk:harbour';
const page = `/articles/${articleIdOf(uri)}.json`;
const said = { actor: 'ada', reason: 'complaint 4711' };
const status = async (): Promise<number> => (await newsroom.get(page)).status;

test('the dashboard of a stage is served on the loopback interface, to pages of its own only', async () => {
  const { url, server } = await serveDashboard(connection, newsroom.stack.edgeUrl, 0, () => undefined);
  try {
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('From the CMS to the readers')]);
    expect((await fetch(new URL('/', url))).url).toBe(url);
    expect((await fetch(url, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

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
    const changed = differences(versionIn(history, '1').content.article, versionIn(history, '2').content.article);
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

  test('report an unknown uri', async () => {
    expect(await unknownOf(connection.articles, [uri, 'urn:desk:typo'])).toEqual(['urn:desk:typo']);
    await expect(historyOf(connection.articles, 'urn:desk:typo')).rejects.toThrow(
      /nothing was ever received of urn:desk:typo/,
    );
  });
});

describe('on the command line', () => {
  const run = promisify(execFile);
  const pressrun = async (...given: string[]): Promise<{ code: number; out: string; err: string }> => {
    const args = [
      'tools/cli/main.ts',
      '--endpoint-url',
      newsroom.stack.awsUrl,
      '--time-zone',
      'Europe/London',
      ...given,
    ];
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
    [['--time-zone', 'London', 'status'], 'such as Europe/London'],
    [['--stage', 'Prod', 'status'], '--stage'],
    [['history', '--jsn', uri], 'Did you mean --json?'],
    [['withdraw', '--from', 'no-such-file.txt', '--yes'], '--from no-such-file.txt'],
    [['restore', 'no-such-file.gz', '--yes'], 'no-such-file.gz'],
    [['show', uri, '99'], 'there is no version 99'],
    [['import', 'gost'], 'did you mean ghost?'],
    [['test-webhook', 'gost'], 'did you mean ghost?'],
    [['redrive', 'stoer'], 'did you mean store?'],
    [['replay', '--from', '2026-11-24'], '--from must be an instant with its zone'],
  ])('a wrong argument is named without the help of all commands: %j', async (given, named) => {
    const { code, err } = await pressrun(...given);
    expect(code).toBe(2);
    expect(err).toContain(named);
    expect(err.split('\n').length).toBeLessThan(20);
  });

  test('stories in a file are withdrawn together; erasure asks first, and a mistyped uri stops it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pressrun-desk-'));
    const file = join(directory, 'uris.txt');
    await writeFile(file, ['# from legal', ...many, ''].join('\n'));
    for (const [index, each] of many.entries())
      await newsroom.put('article.published', story({ uri: each, versionCreated: minutesAgo(9 - index) }));
    const visibilities = async (): Promise<string> =>
      (
        await Promise.all(many.map(async (each) => (await newsroom.get(`/articles/${articleIdOf(each)}.json`)).status))
      ).join();
    await newsroom.until('all are live', async () => (await visibilities()) === '200,200,200');

    expect(await pressrun('withdraw', '--from', file)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--yes/) as unknown,
    });
    expect(await pressrun('withdraw', '--from', file, 'urn:desk:typo', '--yes')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/urn:desk:typo/) as unknown,
    });
    expect(await visibilities()).toBe('200,200,200');

    const { code, out } = await pressrun(
      '--json',
      'withdraw',
      '--from',
      file,
      '--yes',
      '--actor',
      'ada',
      '--reason',
      'injunction 7',
    );
    expect([code, (JSON.parse(out) as { notYet: unknown }).notYet]).toEqual([0, []]);
    await newsroom.until('all are gone', async () => (await visibilities()) === '410,410,410');
    expect((await pressrun('history', many[0] ?? '')).out).toMatch(
      /withdrawn by version 2 \(article\.unpublished\), received .* by ada \(injunction 7\): readers get 410[^]*article\.unpublished.*\[ada: injunction 7\]/,
    );
    await rm(directory, { recursive: true });
  });

  test('only pictures can be pulled, and one that no story has only with --not-seen-yet', async () => {
    const illustrated = 'urn:desk:more';
    const associations = [picture, { uri, type: 'text', headlines: [{ value: 'Read more' }] }];
    await newsroom.put('article.published', {
      ...story({ uri: illustrated, versionCreated: minutesAgo(9), associations }),
      bodies: [
        {
          contentType: 'text/html',
          value: '<p>Seen.</p><figure><img src="https://pictures.example.com/in-text.jpg" alt=""></figure>',
        },
      ],
    });
    await newsroom.until(
      'it is live',
      async () => (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).status === 200,
    );
    const { pictures } = {
      pictures: JSON.parse((await pressrun('--json', 'pictures', illustrated)).out) as { uri: string }[],
    };
    expect(pictures.map((each) => each.uri)).toEqual(['urn:desk:picture', 'https://pictures.example.com/in-text.jpg']);
    const pulled = async (): Promise<ReadonlySet<string>> => (await connection.pictures.pulled()).ids;

    expect(await pressrun('pull-picture', uri, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/urn:desk:harbour is a story.*withdraw or hold/) as unknown,
    });
    expect(await pressrun('pull-picture', uri, '--yes', '--not-seen-yet')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is a story/) as unknown,
    });
    expect(await pressrun('pull-picture', picture.uri, 'urn:desk:pictur', '--yes')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no story.* urn:desk:pictur: .*--not-seen-yet/) as unknown,
    });
    expect(await pressrun('pull-picture', 'urn:desk:other', '--story', illustrated, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--not-seen-yet/) as unknown,
    });
    expect(await pressrun('restore-picture', picture.uri, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/urn:desk:picture is not pulled/) as unknown,
    });
    expect((await pulled()).size).toBe(0);

    expect(
      await pressrun('pull-picture', 'https://pictures.example.com/in-text.jpg', '--story', illustrated, '--yes'),
    ).toMatchObject({ code: 0 });
    expect(await pressrun('pull-picture', 'urn:desk:future', '--yes', '--not-seen-yet')).toMatchObject({ code: 0 });
    expect(await pulled()).toEqual(
      new Set([articleIdOf('https://pictures.example.com/in-text.jpg'), articleIdOf('urn:desk:future')]),
    );
    expect(
      await pressrun('restore-picture', 'urn:desk:future', 'https://pictures.example.com/in-text.jpg', '--yes'),
    ).toMatchObject({ code: 0 });
  });

  test('a service that does not answer is named with the flag that sets its address, also in JSON', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const port = String((nobody.address() as AddressInfo).port);
    nobody.close();
    await once(nobody, 'close');
    const free = { PRESSRUN_AWS_PORT: port, PRESSRUN_EDGE_PORT: port, PRESSRUN_INGEST_PORT: port };
    const away = (
      given: readonly string[],
      env: NodeJS.ProcessEnv = {},
    ): { code: number; out: string; err: string } => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/cli/main.ts', ...given], {
        env: { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1', ...free, ...env },
        encoding: 'utf8',
        input: '',
      });
      return { code: status ?? -1, out: stdout, err: stderr };
    };
    expect(away(['history', uri])).toEqual({
      code: 3,
      out: '',
      err: `pressrun: the AWS endpoint http://127.0.0.1:${port} does not answer (ECONNREFUSED): is "npm start" running, and PRESSRUN_AWS_PORT right?\n`,
    });
    expect(away(['--json', 'rejected', '--endpoint-url', `http://127.0.0.1:${port}`])).toEqual({
      code: 3,
      out: `${JSON.stringify({ error: { message: `the AWS endpoint http://127.0.0.1:${port} does not answer (ECONNREFUSED): is --endpoint-url right?`, exitCode: 3 } }, undefined, 2)}\n`,
      err: '',
    });
    expect(away(['smoke', '--endpoint-url', newsroom.stack.awsUrl])).toMatchObject({
      code: 3,
      err: expect.stringContaining(
        `the edge http://127.0.0.1:${port} does not answer (ECONNREFUSED): is "npm start" running, and PRESSRUN_EDGE_PORT its port?`,
      ) as unknown,
    });
    expect(away(['--stage', 'dev', 'history', uri], { AWS_REGION: 'eu-west-1', HOME: '/nowhere' })).toMatchObject({
      code: 3,
      err: expect.stringMatching(/AWS does not let you in .*: set AWS_PROFILE/) as unknown,
    });
    expect(away(['--stage', 'dev', 'history', uri], { HOME: '/nowhere' })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/set AWS_REGION/) as unknown,
    });
    expect(JSON.parse(away(['history', '--json', '--stag', 'dev', uri]).out)).toEqual({
      error: { message: expect.stringMatching(/^unknown option '--stag'/) as unknown, exitCode: 2 },
    });
  });

  test('rejected events are listed with times in the time zone that is asked for', async () => {
    await newsroom.put('article.published', { uri: 'urn:desk:refused', versionCreated: 'yesterday' });
    await newsroom.until('it is refused', async () => (await pressrun('rejected')).out.includes('urn:desk:refused'));
    const [{ time = '' } = {}] = JSON.parse((await pressrun('--json', 'rejected')).out) as { time?: string }[];
    for (const [zone, hours] of [
      ['UTC', 0],
      ['Asia/Tokyo', 9],
    ] as const) {
      const shown = new Date(Date.parse(time) + hours * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
      expect((await pressrun('--time-zone', zone, 'rejected')).out).toMatch(
        new RegExp(`^${shown}  article\\.published  urn:desk:refused`, 'm'),
      );
    }
  });

  test('a picture can be found, pulled and restored, and has a history', async () => {
    const illustrated = 'urn:desk:illustrated';
    await newsroom.put(
      'article.published',
      story({ uri: illustrated, versionCreated: minutesAgo(9), associations: [picture] }),
    );
    await newsroom.until(
      'it is live',
      async () => (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).status === 200,
    );
    expect((await pressrun('pictures', illustrated)).out).toContain('urn:desk:picture');
    expect(
      await pressrun('pull-picture', picture.uri, '--yes', '--actor', 'ada', '--reason', 'no licence'),
    ).toMatchObject({ code: 0 });
    await newsroom.until(
      'it is gone',
      async () =>
        !(await (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).text()).includes('desk.jpg'),
    );
    expect((await pressrun('pictures', illustrated)).out).toContain('PULLED');
    expect((await pressrun('history', picture.uri)).out).toMatch(/was pulled[^]*article\.held.*\[ada: no licence\]/);
    expect(await pressrun('restore-picture', picture.uri, '--yes')).toMatchObject({ code: 0 });
    await newsroom.until('it is back', async () =>
      (await (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).text()).includes('desk.jpg'),
    );
  });

  test('trace, history, status and the dashboard explain what readers see in the same sentence', async () => {
    const [owner, clashing] = ['urn:desk:owner', 'urn:desk:clashing'];
    await newsroom.put('article.published', story({ uri: owner, versionCreated: minutesAgo(9) }), {
      path: '/news/desk/taken',
    });
    await newsroom.until('its path is taken', async () => (await newsroom.get('/news/desk/taken')).status === 200);
    await newsroom.put('article.published', story({ uri: clashing, versionCreated: minutesAgo(8) }), {
      path: '/news/desk/taken',
    });
    await newsroom.put(
      'article.updated',
      { ...story({ uri: clashing, versionCreated: minutesAgo(7) }), embargoedUntil: '2099-05-01T12:00:00Z' },
      { path: '/news/desk/taken' },
    );
    await newsroom.until('both versions are stored', async () => (await newsroom.versions(clashing)) === 2);
    await newsroom.put('article.updated', { uri: clashing, versionCreated: minutesAgo(6), headlines: [] });
    await newsroom.putFront('front.published', {
      name: 'desk',
      versionCreated: minutesAgo(6),
      containers: [{ title: 'Top', backfill: 'latest' }],
    });
    const sentence = new RegExp(
      `live at /articles/${articleIdOf(clashing)}/\\S+; the path /news/desk/taken that it asks for belongs to ${owner}; version 2 is embargoed until 2099-05-01 13:00:00; an event of it was rejected on .*: article\\.headlines `,
    );
    await newsroom.until('the rejection is noted', async () => sentence.test((await pressrun('trace', clashing)).out));
    expect((await pressrun('history', clashing)).out).toMatch(sentence);
    expect((await pressrun('status')).out).toMatch(sentence);
    const page = async (query: string): Promise<string> =>
      (await (await fetch(`${newsroom.stack.awsUrl}/_desk${query}`)).text()).replaceAll(
        '2099-05-01 12:00:00',
        '2099-05-01 13:00:00',
      );
    expect(await page(`?uri=${clashing}`)).toMatch(sentence);
    expect(await page('')).toMatch(sentence);
    expect((await pressrun('trace', 'front:desk')).out).toMatch(/the front desk shows version 1, received /);
    expect(await pressrun('trace', 'front:dsk')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nothing was ever received of the front dsk/) as unknown,
    });
    expect((await pressrun('trace', 'urn:desk:refused')).out).toMatch(
      /not public: readers get 404; an event of it was rejected on .*: article\.versionCreated must be/,
    );
    expect((await pressrun('trace', 'urn:desk:picture')).out).toMatch(/a picture that readers see/);
  });

  test('a front’s versions can be listed, shown, compared and rolled back, and rejected versions are named', async () => {
    const containers = (title: string) => [{ title, backfill: 'latest' }];
    const front = { name: 'desk-front', versionCreated: minutesAgo(6) };
    await newsroom.putFront('front.published', { ...front, containers: containers('Morning') });
    await newsroom.putFront('front.published', {
      ...front,
      versionCreated: minutesAgo(5),
      containers: containers('Evening'),
    });
    const document = async (): Promise<string> => (await newsroom.get('/fronts/desk-front.json')).text();
    await newsroom.until('the second is shown', async () => (await document()).includes('Evening'));
    expect((await pressrun('history', 'front:desk-front')).out).toMatch(
      /the front desk-front shows version 2, received [^]*1 .*front\.published[^]*▶ +2 /,
    );
    expect((await pressrun('show', 'front:desk-front', '1')).out).toMatch(/Morning\n  backfill  latest/);
    expect((await pressrun('diff', 'front:desk-front', '1', '2')).out).toMatch(
      /Morning: \(removed\)[^]*Evening: \(new\)/,
    );
    expect(await pressrun('show', 'front:desk-front', '3')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/history lists 1 to 2/) as unknown,
    });
    expect(
      await pressrun('rollback', 'front:desk-front', '1', '--yes', '--actor', 'ada', '--reason', 'too early'),
    ).toMatchObject({ code: 0 });
    await newsroom.until('the first is shown again', async () => (await document()).includes('Morning'));
    await newsroom.putFront('front.published', { ...front, containers: [] });
    await newsroom.until('the refusal is noted', async () =>
      (await pressrun('trace', 'front:desk-front')).out.includes('Rejected:'),
    );
    const { out } = await pressrun('trace', 'front:desk-front');
    expect(out).toMatch(
      /shows version 3, received .* by ada \(too early\); an event of it was rejected on .*: front\.containers must hold at least one container/,
    );
    expect(out).toMatch(/Rejected:\n.*front:desk-front[^]*front\.containers: must hold at least one container/);
    const status = await pressrun('status');
    expect(status.out).toMatch(/Fronts:[^]*live +front:desk-front {2}\(an event of it was rejected on /);
    expect((await pressrun('rejected')).out).toContain('front:desk-front');
    await newsroom.until('it was announced', async () =>
      Promise.resolve(
        newsroom.announced.some(
          (event) => event['detail-type'] === 'front.changed' && JSON.stringify(event).includes('"desk-front"'),
        ),
      ),
    );
  });

  test('a replay that is impossible is reported before the command asks for confirmation', async () => {
    const since = ['--from', minutesAgo(9)];
    expect(await pressrun('replay', ...since, '--to-subscription', 'nobody')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nobody subscribed as nobody/) as unknown,
    });
    expect(await pressrun('replay', ...since)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--yes/) as unknown,
    });
  });

  test('times are in the time zone that is asked for, and the help lists every command', async () => {
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
      code: 2,
      err: expect.stringMatching(/unknown command 'withdrawn'/) as unknown,
    });
  });
});
