import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CopyObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLocalStack, type LocalStack } from '../../tools/laptop/stack.ts';
import { sign } from '../../shared/cms/signature.ts';
import { sourceNamed, sources } from '../../shared/cms/sources.ts';
import {
  allDeliveries,
  cmses,
  deliveries,
  ending,
  ghostPost,
  ghostPublished,
  listed,
  wholeEnding,
  type Delivery,
} from '../fixtures/cms/newsroom.ts';
import { GhostAdmin } from '../fixtures/cms/ghost-admin.ts';
import { StandIn } from '../fixtures/cms/stand-in.ts';
import { bytesOf } from '../unit/webhook-endpoint.ts';
import { eventually } from './eventually.ts';

const cli = fileURLToPath(new URL('../../tools/cli/main.ts', import.meta.url));
const secret = 'a secret of the newsroom';
const secrets = JSON.stringify(
  Object.fromEntries(sources.map(({ name }) => [name, { current: secret, previous: 'the old one', api: 'key' }])),
);

/** The CMSes' list APIs, on a port. */
const standIn = new StandIn(listed);
const api = createServer((request, response) => {
  const { status, headers, body } = standIn.answer(new URL(request.url ?? '/', 'http://127.0.0.1'));
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
});
const stacks: LocalStack[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen({ port: 0, host: '127.0.0.1' }, resolve));
});

afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.stop()));
  api.close();
});

async function newsroom(context: Readonly<Record<string, string>> = {}): Promise<LocalStack> {
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  // Pictures and links of Strapi and Directus begin with the address of their API: the same in webhooks and lists.
  // Superdesk has no API that could be swept.
  const settings = {
    ...Object.fromEntries(Object.keys(listed).map((name) => [name, { url }])),
    superdesk: { sections: {} },
  };
  const stack = await startLocalStack({
    awsPort: 0,
    edgePort: 0,
    ingestPort: 0,
    ingestSecrets: secrets,
    context: { sources: JSON.stringify(settings), ...context },
  });
  stacks.push(stack);
  return stack;
}

function postTo(
  { ingestUrl }: LocalStack,
  { source, body, headers: sent }: Omit<Delivery, 'source'> & { readonly source: string },
  known = secret,
): Promise<Response> {
  const bytes = bytesOf(source, body);
  const authentication = sourceNamed(source)?.authentication;
  const headers = {
    'content-type': 'application/json',
    ...sent,
    ...(authentication && sign(authentication, bytes, known, Date.now())),
  };
  return fetch(`${ingestUrl}/ingest/${source}`, { method: 'POST', headers, body: bytes });
}

async function live({ edgeUrl }: LocalStack): Promise<unknown> {
  const { items } = (await (await fetch(`${edgeUrl}/feeds/latest.json?limit=100`)).json()) as {
    items: { id: string; title: string; _pressrun: { section?: string } }[];
  };
  return Object.fromEntries(items.map(({ id, title, _pressrun: { section } }) => [id, [title, section ?? '']]));
}

async function endsWell(stack: LocalStack, expected = ending): Promise<void> {
  await eventually('the readers see what the CMSes show', async () =>
    JSON.stringify(sorted(await live(stack))) === JSON.stringify(sorted(expected)) ? true : undefined,
  ).catch(() => undefined);
  // Says which stories differ.
  expect(sorted(await live(stack))).toEqual(sorted(expected));
}

const sorted = (record: unknown): unknown => Object.entries(record as object).sort(([a], [b]) => (a < b ? -1 : 1));

const pressrun = async (stack: LocalStack, ...args: string[]): Promise<string> => pressrunWith({}, stack, ...args);

const pressrunWith = async (env: Record<string, string>, stack: LocalStack, ...args: string[]): Promise<string> =>
  (
    await promisify(execFile)(process.execPath, [cli, '--endpoint-url', stack.awsUrl, ...args], {
      env: { ...process.env, PRESSRUN_INGEST_PORT: new URL(stack.ingestUrl).port, ...env },
    })
  ).stdout;

describe('webhooks over HTTP', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await newsroom({ dropBucket: 'managed' });
  });

  test('a morning of every kind of CMS ends the same, with each webhook sent twice and the second time in another order', async () => {
    for (const delivery of allDeliveries) expect([202, 204]).toContain((await postTo(stack, delivery)).status);
    for (const delivery of [...allDeliveries].reverse())
      expect([202, 204]).toContain((await postTo(stack, delivery)).status);
    await endsWell(stack, wholeEnding);
  });

  test('both secrets are accepted and no other; unknown endpoints, methods and large bodies are rejected', async () => {
    const delivery = { source: 'ghost' as const, body: {} };
    expect((await postTo(stack, delivery, 'the old one')).status).toBe(204);
    const refused = await postTo(stack, delivery, 'guessed');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect((await postTo(stack, { source: 'typewriter', body: {} })).status).toBe(404);
    expect((await fetch(`${stack.ingestUrl}/ingest/ghost`)).status).toBe(405);
    expect((await postTo(stack, { source: 'ghost', body: 'x'.repeat(6 * 1024 * 1024) })).status).toBe(413);
  });

  test('a body that is not text is verified byte by byte', async () => {
    const body = Buffer.from([0xff, 0xfe, 0x00]);
    const authentication = sourceNamed('ghost')?.authentication;
    const headers = {
      'content-type': 'application/octet-stream',
      ...(authentication && sign(authentication, body, secret, Date.now())),
    };
    expect((await fetch(`${stack.ingestUrl}/ingest/ghost`, { method: 'POST', headers, body })).status).toBe(422);
  });

  test('a story too large for the bus reaches its readers', async () => {
    const html = `<p>${'A long read, and then some. '.repeat(45_000)}</p>`;
    expect((await postTo(stack, { source: 'ghost', body: ghostPublished(ghostPost('long', { html })) })).status).toBe(
      202,
    );
    await eventually('it is live', async () => {
      const page = await fetch(`${stack.edgeUrl}/story-long`);
      return page.status === 200 && (await page.text()).length > 1_000_000 ? true : undefined;
    });
  });

  test('a file that an agency drops into S3 reaches its readers, and a rejected one is listed by its name', async () => {
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const s3 = new S3Client({ endpoint: stack.awsUrl, region: 'us-east-1', forcePathStyle: true, credentials });
    const Bucket = stack.outputs['DropBucketName'];
    const drop = async (name: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: `drop/newsml/${name}`, Body }));
    const item = (guid: string) =>
      `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="${guid}"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>${new Date().toISOString()}</versionCreated><pubStatus qcode="stat:usable"/></itemMeta><contentMeta><headline>From a file</headline></contentMeta></newsItem>`;
    await drop('Köln 1+1.xml', item('file-1'));
    await drop('photo.jpg', 'no story');
    await drop('story.xml.tmp', item('file-2'));
    const CopySource = `${Bucket}/drop/newsml/story.xml.tmp`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'drop/newsml/story.xml', CopySource }));
    await drop('broken.xml', item('file-3').replace('<versionCreated>', '<versionCreated>soon'));
    await eventually('the stories are live', async () => {
      const stories = JSON.stringify(await live(stack));
      return ['file-1', 'file-2'].every((guid) => stories.includes(`newsml:main/${guid}"`)) ? true : undefined;
    });
    const rejected = await eventually('the rejection is listed', async () => {
      const listing = await pressrun(stack, 'rejected');
      return listing.includes('versionCreated') ? listing : undefined;
    });
    expect(rejected).toMatch(/drop\/newsml\/broken\.xml {2}from cms\.newsml .*\n +\S*versionCreated: must be/);
    expect(rejected.match(/drop\//g)).toHaveLength(1);
    s3.destroy();
  });

  test('test-webhook follows a story of each endpoint to the readers and back', async () => {
    for (const { name } of sources)
      expect(await pressrun(stack, 'test-webhook', name, '--story')).toMatch(/is live after [^]*is gone after/);
    expect(await pressrun(stack, 'test-webhook', 'ghost')).toContain('takes this secret');
  });

  test('test-webhook --cms writes a story in the CMS itself, and sees each of its webhooks arrive', async () => {
    const ghost = new GhostAdmin((body) => postTo(stack, { source: 'ghost', body }));
    const url = await ghost.start();
    try {
      const said = await pressrunWith({ PRESSRUN_CMS_KEY: ghost.key }, stack, 'test-webhook', 'ghost', '--cms', url);
      expect(said).toMatch(/is published for readers [^]*is updated for readers [^]*is deleted for readers /);
      expect([...ghost.posts.keys()]).toEqual([]);
    } finally {
      ghost.stop();
    }
  });
});

describe('webhooks that were lost', () => {
  test('are made up for by one sweep of each CMS, if a third is lost', async () => {
    const stack = await newsroom();
    for (const [index, delivery] of deliveries.entries()) if (index % 3 !== 1) await postTo(stack, delivery);
    // Withdrawals of stories that never arrived have no visible effect: a last story shows that all before it are
    // processed.
    await postTo(stack, {
      source: 'ninjs',
      body: { uri: 'urn:sentinel', versionCreated: new Date().toISOString(), headlines: [{ value: 'Sentinel' }] },
    });
    await eventually('all that came is through', async () =>
      JSON.stringify(await live(stack)).includes('urn:sentinel') ? true : undefined,
    );
    await postTo(stack, {
      source: 'ninjs',
      body: { uri: 'urn:sentinel', versionCreated: new Date().toISOString(), pubStatus: 'canceled' },
    });
    const response = await fetch(`${stack.awsUrl}/2015-03-31/functions/pressrun-local-sweep/invocations`, {
      method: 'POST',
      body: '{}',
    });
    const swept = (await response.json()) as Record<string, { isComplete: boolean }>;
    expect(
      Object.entries(swept)
        .flatMap(([name, { isComplete }]) => (isComplete ? [name] : []))
        .sort(),
    ).toEqual(Object.keys(listed).sort());
    await endsWell(stack);
  });

  test('are made up for by an import of the archive, if all are lost', async () => {
    const stack = await newsroom();
    for (const [name, cms] of Object.entries(cmses))
      expect(await pressrun(stack, 'import', name)).toMatch(
        `${cms.listed.length} articles read, ${Object.keys(cms.ending).length} new ones put on the bus`,
      );
    await endsWell(stack);
    expect(await pressrun(stack, 'import', 'ghost')).toMatch(/3 articles read, 0 new ones put on the bus/);
  });
});
