import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import { cloudfrontApi } from '../../tools/laptop/cloudfront/cloudfront.ts';
import { closeServer } from '../close-server.ts';

const DistributionId = 'ELOCALDISTRIBUTION';
let server: Server;
let client: CloudFrontClient;
let api: ReturnType<typeof cloudfrontApi>;
let purged: (readonly string[])[];
let failure: Error | undefined;
let clock: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const answer = await api({ method: request.method ?? 'GET', path: pathname, query: searchParams, body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new CloudFrontClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await closeServer(server);
});

beforeEach(() => {
  purged = [];
  failure = undefined;
  clock = Date.UTC(2026, 5, 1);
  api = cloudfrontApi({
    distributionId: DistributionId,
    domainName: '127.0.0.1:8080',
    cacheTagHeader: 'Cache-Tag',
    comment: 'pressrun-local',
    now: () => clock++,
    invalidate: (paths) => {
      if (failure) throw failure;
      purged.push(paths);
    },
  });
});

function create(CallerReference: string, Items: string[], Quantity = Items.length) {
  return client.send(
    new CreateInvalidationCommand({
      DistributionId,
      InvalidationBatch: { CallerReference, Paths: { Quantity, Items } },
    }),
  );
}

describe('an invalidation', () => {
  test('purges paths and tags, and can be read afterwards', async () => {
    const paths = ['#article:abc', '/news/world?page=2&x=<1>', '/feeds/*', '#a&b'];
    const { Invalidation, Location, $metadata } = await create('one', paths);
    expect(purged).toEqual([paths]);
    expect($metadata.httpStatusCode).toBe(201);
    expect(Location).toBe(
      `https://cloudfront.amazonaws.com/2020-05-31/distribution/${DistributionId}/invalidation/${Invalidation?.Id ?? ''}`,
    );
    const { Invalidation: seen } = await client.send(
      new GetInvalidationCommand({ DistributionId, Id: Invalidation?.Id ?? '' }),
    );
    expect(seen).toEqual(Invalidation);
    expect(seen).toMatchObject({
      Status: 'InProgress',
      CreateTime: new Date(Date.UTC(2026, 5, 1)),
      InvalidationBatch: { CallerReference: 'one', Paths: { Quantity: 4, Items: paths } },
    });
    clock += 5_000;
    const { Invalidation: done } = await client.send(
      new GetInvalidationCommand({ DistributionId, Id: Invalidation?.Id ?? '' }),
    );
    expect(done?.Status).toBe('Completed');
  });

  test('waits until those in progress are below 3,000 paths and tags, and 15 wildcards', async () => {
    await create(
      'wild',
      Array.from({ length: 15 }, (_, index) => `/a${index}*`),
    );
    await create(
      'many',
      Array.from({ length: 2_999 }, (_, index) => `#t${index}`),
    );
    await create('last', ['#a']);
    for (const [reference, path] of [
      ['one more', '#b'],
      ['a path more', '/b'],
      ['a wildcard more', '/b*'],
    ] as const)
      await expect(create(reference, [path])).rejects.toMatchObject({ name: 'TooManyInvalidationsInProgress' });
    expect(purged).toHaveLength(3);
    clock += 5_000;
    await create('one more', ['#b']);
    await create('a wildcard more', ['/b*']);
    expect(purged).toHaveLength(5);
  });

  test('sent twice with one caller reference purges once; with other paths it is rejected', async () => {
    const first = await create('one', ['#a']);
    const second = await create('one', ['#a']);
    expect(second.Invalidation).toEqual(first.Invalidation);
    await expect(create('one', ['#b'])).rejects.toMatchObject({
      name: 'InvalidationBatchAlreadyExists',
      $fault: 'client',
    });
    await create('two', ['#a']);
    expect(purged).toEqual([['#a'], ['#a']]);
  });

  test('that failed may be sent again', async () => {
    failure = new Error('the edge is closed');
    await expect(
      api({
        method: 'POST',
        path: `/2020-05-31/distribution/${DistributionId}/invalidation`,
        query: new URLSearchParams(),
        body: '<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>#a</Path></Items></Paths><CallerReference>one</CallerReference></InvalidationBatch>',
      }),
    ).rejects.toThrow('the edge is closed');
    failure = undefined;
    await create('one', ['#a']);
    expect(purged).toEqual([['#a']]);
  });

  test('may name 3,000 paths, and a tag of 256 characters', async () => {
    await create(
      'many',
      Array.from({ length: 3_000 }, (_, index) => `#t${index}`),
    );
    clock += 5_000;
    await create('long', [`#${'x'.repeat(256)}`]);
    expect(purged.map((paths) => paths.length)).toEqual([3_000, 1]);
  });

  test.each<[string, string[], number | undefined]>([
    ['BatchTooLarge', Array.from({ length: 3_001 }, (_, index) => `#t${index}`), undefined],
    ['InconsistentQuantities', ['#a', '#b'], 1],
    ['InvalidArgument', [], undefined],
    ['InvalidArgument', ['news'], undefined],
    ['InvalidArgument', ['/a', ''], undefined],
    ['InvalidArgument', ['/with space'], undefined],
    ['InvalidArgument', ['/é'], undefined],
    ['InvalidArgument', ['#'], undefined],
    ['InvalidArgument', ['#a,b'], undefined],
    ['InvalidArgument', ['#a b'], undefined],
    ['InvalidArgument', ['#é'], undefined],
    ['InvalidArgument', [`#${'x'.repeat(257)}`], undefined],
  ])('is rejected as %s and purges nothing', async (name, items, quantity) => {
    await expect(create('bad', items, quantity)).rejects.toMatchObject({ name, $fault: 'client' });
    expect(purged).toEqual([]);
  });

  test('without a caller reference is rejected', async () => {
    await expect(create('', ['#a'])).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  test.each([
    ['', 'MissingBody'],
    ['no XML at all', 'MalformedXML'],
    ['<Other/>', 'MalformedXML'],
  ])('whose body is %j is rejected', async (body, code) => {
    const answer = await api({
      method: 'POST',
      path: `/2020-05-31/distribution/${DistributionId}/invalidation`,
      query: new URLSearchParams(),
      body,
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
  });
});

test('paths may be escaped in every way that XML allows', async () => {
  const body =
    '<?xml version="1.0"?><InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/a?b&amp;c&#61;&#x26;d</Path></Items></Paths><CallerReference>one</CallerReference></InvalidationBatch>';
  await api({
    method: 'POST',
    path: `/2020-05-31/distribution/${DistributionId}/invalidation`,
    query: new URLSearchParams(),
    body,
  });
  expect(purged).toEqual([['/a?b&c=&d']]);
});

test('invalidations are listed newest first, page by page', async () => {
  expect((await client.send(new ListInvalidationsCommand({ DistributionId }))).InvalidationList).toMatchObject({
    Quantity: 0,
    IsTruncated: false,
  });
  const ids: (string | undefined)[] = [];
  for (const reference of ['a', 'b', 'c']) ids.unshift((await create(reference, ['#x'])).Invalidation?.Id);
  const first = (await client.send(new ListInvalidationsCommand({ DistributionId, MaxItems: 2 }))).InvalidationList;
  expect(first).toMatchObject({ Quantity: 2, MaxItems: 2, IsTruncated: true, NextMarker: ids[1] });
  expect(first?.Items?.map(({ Id }) => Id)).toEqual(ids.slice(0, 2));
  const rest = (
    await client.send(new ListInvalidationsCommand({ DistributionId, MaxItems: 2, Marker: first?.NextMarker }))
  ).InvalidationList;
  expect(rest).toMatchObject({ Quantity: 1, IsTruncated: false, Items: [{ Id: ids[2], Status: 'InProgress' }] });
});

test('the distribution is found by list and by id', async () => {
  const { DistributionList } = await client.send(new ListDistributionsCommand({}));
  expect(DistributionList).toMatchObject({
    Quantity: 1,
    Items: [
      {
        Id: DistributionId,
        DomainName: '127.0.0.1:8080',
        Comment: 'pressrun-local',
        Enabled: true,
        Origins: { Quantity: 1 },
      },
    ],
  });
  const { Distribution, ETag } = await client.send(new GetDistributionCommand({ Id: DistributionId }));
  expect(ETag).toBeDefined();
  expect(Distribution).toMatchObject({
    Id: DistributionId,
    Status: 'Deployed',
    DistributionConfig: { CacheTagConfig: { HeaderName: 'Cache-Tag' } },
  });
});

test('an unknown distribution or invalidation is answered 404', async () => {
  const other = {
    DistributionId: 'EOTHER',
    InvalidationBatch: { CallerReference: 'x', Paths: { Quantity: 1, Items: ['/*'] } },
  };
  await expect(client.send(new CreateInvalidationCommand(other))).rejects.toMatchObject({
    name: 'NoSuchDistribution',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(client.send(new GetInvalidationCommand({ DistributionId: 'EOTHER', Id: 'I1' }))).rejects.toMatchObject({
    name: 'NoSuchDistribution',
  });
  await expect(client.send(new GetDistributionCommand({ Id: 'EOTHER' }))).rejects.toMatchObject({
    name: 'NoSuchDistribution',
  });
  await expect(client.send(new GetInvalidationCommand({ DistributionId, Id: 'I1' }))).rejects.toMatchObject({
    name: 'NoSuchInvalidation',
  });
  const unknown = await api({
    method: 'DELETE',
    path: `/2020-05-31/distribution/${DistributionId}`,
    query: new URLSearchParams(),
    body: '',
  });
  expect(unknown).toMatchObject({ status: 404, headers: { 'content-type': 'text/xml' } });
  expect(unknown.body).toMatch(
    /<ErrorResponse xmlns=".*"><Error><Type>Sender<\/Type><Code>UnknownOperationException<\/Code><Message>.*<\/Message><\/Error><RequestId>.+<\/RequestId><\/ErrorResponse>/,
  );
});
