import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalStack, type LocalStack } from '../../infra/local/stack.ts';
import { articleIdOf } from '../../shared/article.ts';
import { prove } from '../../shared/proof.ts';
import { canaryUri } from '../../shared/trail.ts';
import { eventually } from './eventually.ts';

const secret = 'a secret of the agency';
const opened: { stack?: LocalStack } = {};

function stack(): LocalStack {
  if (!opened.stack) throw new Error('the stack did not start');
  return opened.stack;
}

beforeAll(async () => {
  opened.stack = await startLocalStack({ awsPort: 0, edgePort: 0, ingestPort: 0, ingestSecrets: JSON.stringify({ ninjs: secret }), context: { canaryMinutes: '0' } });
}, 120_000);

afterAll(async () => {
  await opened.stack?.stop();
});

function put(source: string, credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string } = { accessKeyId: 'any', secretAccessKey: 'any' }) {
  const eventBridge = new EventBridgeClient({ endpoint: stack().awsUrl, region: 'us-east-1', maxAttempts: 1, credentials });
  const Detail = JSON.stringify({ id: 'forged', articleId: 'x', uri: 'urn:forged', seq: 9_999_999_999_999, article: { uri: 'urn:forged', versionCreated: new Date().toISOString(), headlines: [{ value: 'Forged' }] } });
  return eventBridge.send(new PutEventsCommand({ Entries: [{ EventBusName: stack().busName, Source: source, DetailType: 'article.live', Detail }] }));
}

test.each([['pressrun'], ['pressrun.canary'], ['cms.ghost'], ['cms.ninjs']])('nobody but a function says what %s says', async (source) => {
  await expect(put(source)).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('explicit deny') as unknown });
});

test.each([
  ['no token', undefined],
  ['a token of its own', 'guessed'],
])('a function’s access key with %s is no function', async (_, sessionToken) => {
  const credentials = { accessKeyId: 'function-pressrun-local-project', secretAccessKey: 'local', ...(sessionToken !== undefined && { sessionToken }) };
  await expect(put('pressrun', credentials)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('what only AWS says is refused entry by entry, as EventBridge does', async () => {
  expect(await put('aws.s3')).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }] });
});

function wire(item: Record<string, unknown>, at: number): { readonly body: Buffer; readonly headers: Record<string, string> } {
  const body = Buffer.from(JSON.stringify(item));
  return { body, headers: { 'content-type': 'application/json', ...prove({ kind: 'hmac', prefix: 'x-pressrun' }, body, secret, at) } };
}

const send = ({ body, headers }: ReturnType<typeof wire>): Promise<Response> => fetch(`${stack().ingestUrl}/ingest/ninjs`, { method: 'POST', headers, body });

test.each([['ghost:main/1'], ['Strapi:main/1'], [canaryUri]])('an agency writes no story of another source: %s', async (uri) => {
  for (const more of [{}, { type: 'picture', pubStatus: 'canceled' }]) {
    const response = await send(wire({ uri, versionCreated: new Date().toISOString(), headlines: [{ value: 'Not theirs' }], ...more }, Date.now()));
    expect([response.status, await response.json()]).toMatchObject([422, { errors: [{ path: 'article.uri' }] }]);
  }
});

test('a story that was killed stays so when its webhook is sent again; what functions announce goes through', async () => {
  const item = { uri: 'urn:agency:killed', type: 'text', versionCreated: new Date(Date.now() - 60_000).toISOString(), headlines: [{ value: 'To be killed' }] };
  const page = `${stack().edgeUrl}/articles/${articleIdOf(item.uri)}.json`;
  const status = async (url: string): Promise<number> => (await fetch(url)).status;
  const announced: string[] = [];
  stack().events.on((observation) => {
    if (observation.kind === 'bus-event' && observation.event.source === 'pressrun') announced.push(observation.event['detail-type']);
  });
  const story = wire(item, Date.now() - 10_000);
  expect((await send(story)).status).toBe(202);
  await eventually('it is live', async () => (await status(page)) === 200 || undefined);
  expect((await send(wire({ ...item, pubStatus: 'canceled' }, Date.now() - 5000))).status).toBe(202);
  await eventually('it is killed', async () => (await status(page)) === 410 || undefined);
  expect((await send(story)).status).toBe(202);
  // What comes after the replay has been stored, so has the replay.
  const later = { ...item, uri: 'urn:agency:later' };
  expect((await send(wire(later, Date.now()))).status).toBe(202);
  await eventually('a later story is live', async () => (await status(`${stack().edgeUrl}/articles/${articleIdOf(later.uri)}.json`)) === 200 || undefined);
  expect(await status(page)).toBe(410);
  await eventually('all was announced', () => Promise.resolve((announced.filter((type) => type === 'article.live').length >= 2 && announced.includes('article.withdrawn')) || undefined));
}, 60_000);
