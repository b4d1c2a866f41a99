import { readdir, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { cursorOf } from '../../shared/feed/feed.ts';
import { sign, signsTime } from '../../shared/cms/signature.ts';
import { sources } from '../../shared/cms/sources.ts';
import { ports, RunningStack, type Port } from './outsider.ts';

/**
 * An outsider's attempts over the network against a stack that runs as `npm start` runs it. `npm run attack` prints
 * each attempt and its result. All counts are bounded, and all addresses are this machine's loopback.
 */
let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start();
});

// Whatever was tried, the stack goes on serving everybody else.
afterEach(async () => {
  expect(await stack.isWell()).toBe(true);
});

afterAll(async () => {
  await stack.stop();
});

/** `held` if there was one answer and it has one of these statuses, else the answers. */
function onlyOf(statuses: readonly number[], ...allowed: readonly number[]): string {
  const [status, ...more] = statuses;
  return status !== undefined && more.length === 0 && allowed.includes(status)
    ? 'held'
    : `answered ${statuses.join(', ')}`;
}

const amzJson = { 'Content-Type': 'application/x-amz-json-1.1' };
const putEvents = { ...amzJson, 'X-Amz-Target': 'AWSEvents.PutEvents' };
const portNumber = (port: Port): string => new URL(stack.url[port]).port;

function event(article: object): string {
  return JSON.stringify({
    Entries: [
      {
        EventBusName: 'pressrun-local',
        Source: 'newsroom',
        DetailType: 'article.published',
        Detail: JSON.stringify({ article }),
      },
    ],
  });
}

describe('a Host header of another name (DNS rebinding)', () => {
  const foreign = (port: Port): readonly string[] => {
    const number = portNumber(port);
    return [
      'evil.example',
      `evil.example:${number}`,
      `127.0.0.1.evil.example:${number}`,
      `localhost.evil.example:${number}`,
      `evil.example.:${number}`,
      `127.0.0.1@evil.example:${number}`,
      `2130706433.evil.example`,
      '',
    ];
  };

  test.each(ports)('the %s port rejects every Host header that does not name this machine', async (port) => {
    for (const host of foreign(port)) {
      const { statuses } = await stack.ask(port, '/', { headers: { Host: host } });
      expect([host, onlyOf(statuses, 400, 421)]).toEqual([host, 'held']);
    }
  });

  test.each(ports)(
    'the %s port rejects a whole URL of another host, a request without Host and a request with two',
    async (port) => {
      const own = stack.host(port);
      for (const request of [
        `GET http://evil.example/ HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
        `GET //evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
        'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
        'GET / HTTP/1.0\r\n\r\n',
        `GET / HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      ]) {
        expect([request, onlyOf((await stack.raw(port, request)).statuses, 400, 421)]).toEqual([request, 'held']);
      }
    },
  );

  test.each(ports)('the %s port answers to every name of the loopback', async (port) => {
    const number = portNumber(port);
    for (const host of [
      `127.0.0.1:${number}`,
      `localhost:${number}`,
      `LOCALHOST:${number}`,
      `[::1]:${number}`,
      `newsroom.localhost:${number}`,
    ]) {
      const { statuses } = await stack.ask(port, '/', { headers: { Host: host } });
      expect([host, onlyOf(statuses, 403, 421)]).not.toEqual([host, 'held']);
    }
  });
});

describe("a cross-site request from a developer's browser", () => {
  const crossSite = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' },
    { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' },
  ];

  test('cannot put an event, invoke a function or read a secret', async () => {
    const calls: [string, Readonly<Record<string, string>>, string][] = [
      [
        '/',
        putEvents,
        event({ uri: 'urn:attack:csrf', versionCreated: '2026-05-01T12:00:00Z', headlines: [{ value: 'Not by us' }] }),
      ],
      ['/2015-03-31/functions/pressrun-local-reconcile/invocations', { 'Content-Type': 'text/plain' }, '{}'],
      [
        '/',
        { ...amzJson, 'X-Amz-Target': 'secretsmanager.GetSecretValue' },
        '{"SecretId":"pressrun-local-ingest-ghost"}',
      ],
    ];
    for (const headers of crossSite) {
      for (const [target, said, body] of calls) {
        const { statuses, text } = await stack.ask('aws', target, {
          method: 'POST',
          headers: { ...said, ...headers },
          body,
        });
        expect([headers, target, statuses]).toEqual([headers, target, [403]]);
        expect(text).not.toContain(RunningStack.secret);
      }
    }
  });

  test('is answered 403 by the AWS port, without a CORS header', async () => {
    for (const headers of crossSite) {
      for (const target of ['/', '//', '/_desk', '/_desk/live', '/2020-05-31/distribution']) {
        const { statuses, text } = await stack.ask('aws', target, { headers });
        expect([headers, target, statuses]).toEqual([headers, target, [403]]);
        expect(text.toLowerCase()).not.toContain('access-control-allow-origin');
      }
    }
  });

  test('may open the dashboard by a link', async () => {
    const { statuses } = await stack.ask('aws', '/_desk', {
      headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
    });
    expect(statuses).toEqual([200]);
  });
});

describe('requests that try to end the process', () => {
  const targets = [
    '//',
    '///',
    '//[',
    '/\\',
    '*',
    '/%',
    '/%00',
    '/%zz',
    '/%c0%ae',
    '?',
    '??',
    '/?%',
    '/_desk?uri=%',
    '/_desk?uri=__proto__',
    '/2020-05-31/%zz',
    '/2020-05-31/distribution/%',
    '/schedules/%zz',
    '/pressrun-local-parcels/%zz',
    '/v1/synthesisTasks/%zz',
    '/2015-03-31/functions/%zz/invocations',
    'http://',
    'http://[',
    '/ingest/%zz',
    '/ingest/constructor',
    '/ingest/__proto__',
    '/feeds/%zz.json',
    '/feeds/constructor.json',
    '/feeds/latest.constructor',
    '/fronts/constructor.json',
    '/section/constructor',
    '/section/__proto__',
  ];

  test.each(ports)('the %s port answers every target', async (port) => {
    for (const method of ['GET', 'POST']) {
      for (const target of targets) {
        const { statuses } = await stack.ask(port, target, { method });
        expect([target, statuses]).toEqual([target, [expect.any(Number)]]);
        expect([target, stack.isRunning]).toEqual([target, true]);
      }
    }
  });

  test.each(ports)('the %s port answers every method', async (port) => {
    for (const method of ['OPTIONS', 'TRACE', 'PROPFIND', 'PUT', 'PATCH', 'DELETE', 'PURGE', 'BREW', 'get']) {
      const { statuses } = await stack.ask(port, '/', { method });
      expect([
        method,
        onlyOf(statuses, ...(method === 'OPTIONS' && port === 'edge' ? [204] : [400, 403, 404, 405, 501])),
      ]).toEqual([method, 'held']);
    }
    for (const request of [
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      `CONNECT ${stack.host(port)} HTTP/1.1\r\nHost: ${stack.host(port)}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${stack.host(port)}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      '\r\n\r\n\r\n\r\nGARBAGE\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: ${stack.host(port)}\r\nExpect: 200-maybe\r\nConnection: close\r\n\r\n`,
    ]) {
      await stack.raw(port, request);
      expect([request, stack.isRunning]).toEqual([request, true]);
    }
  });

  test('the AWS port answers every body', async () => {
    for (const target of [
      'AWSEvents.PutEvents',
      'AmazonSQS.SendMessage',
      'DynamoDB_20120810.GetItem',
      'secretsmanager.GetSecretValue',
      'constructor.constructor',
      '__proto__.toString',
      'AWSEvents.',
      '.',
    ]) {
      for (const body of [
        '',
        '{',
        'null',
        '[]',
        '{"__proto__":{"polluted":"yes"}}',
        '{"Entries":"x"}',
        '{"Entries":[null,1,"x"]}',
        '{"TableName":"constructor","Key":{}}',
        '{"TableName":"__proto__","Key":{}}',
        '{"SecretId":"__proto__"}',
        '{"QueueUrl":"http://["}',
        '['.repeat(50_000),
      ]) {
        const { statuses } = await stack.ask('aws', '/', {
          method: 'POST',
          headers: { ...amzJson, 'X-Amz-Target': target },
          body,
        });
        expect([target, body.slice(0, 60), statuses]).toEqual([target, body.slice(0, 60), [expect.any(Number)]]);
      }
    }
  });
});

describe('parameters and headers named like properties of every object', () => {
  test('are left out, and change no later answer', async () => {
    const clean = (await stack.ask('edge', '/robots.txt')).text.split('\r\n\r\n')[1];
    for (const query of [
      '__proto__=5',
      '__proto__=5&__proto__=6',
      'constructor=5&constructor=6',
      'toString=1&toString=2&hasOwnProperty=1',
      '__proto__[polluted]=yes',
      'constructor.prototype.polluted=yes',
    ]) {
      const { statuses, text } = await stack.ask('edge', `/robots.txt?${query}`, {
        headers: { __proto__x: '1', Cookie: '__proto__=5; __proto__=6; constructor=1' },
      });
      expect([query, statuses, text.split('\r\n\r\n')[1]]).toEqual([query, [200], clean]);
      const { statuses: feed } = await stack.ask('edge', `/feeds/latest.json?${query}`);
      expect([query, feed]).toEqual([query, [200]]);
    }
    // A new path is answered by the same process, whose objects all have one prototype.
    const { text } = await stack.ask('edge', '/changes');
    expect(text).not.toContain('polluted');
    expect(text).not.toMatch(/__proto__|\b5=|undefined/);
  });
});

describe('answers that the cache shares between readers', () => {
  const body = (text: string): string => text.slice(text.indexOf('\r\n\r\n'));

  test('an answer to one name of the machine never has links to another name', async () => {
    const number = portNumber('edge');
    for (const target of ['/robots.txt', '/feeds/latest.json', '/feeds/latest.rss', '/sitemap-news.xml', '/']) {
      await stack.ask('edge', target, { headers: { Host: `localhost:${number}` } });
      const { text } = await stack.ask('edge', target, { headers: { Host: `127.0.0.1:${number}` } });
      expect([target, body(text).includes('localhost')]).toEqual([target, false]);
    }
  });

  test.each([
    'X-Forwarded-Host',
    'X-Host',
    'X-Forwarded-Server',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'X-Pressrun-Host',
    'Forwarded',
    'X-Forwarded-Proto',
    'X-Forwarded-Prefix',
    'Range',
    'Accept',
    'Accept-Language',
    'User-Agent',
    'Cookie',
    'Authorization',
    'If-None-Match',
    'X-Middleware-Subrequest',
    'Transfer-Encodin',
  ])('the header %s does not change a cached answer', async (header) => {
    // An address of its own for each header, so that this request is the one whose answer is kept.
    const target = `/section/poison-${header.toLowerCase()}`;
    const { text: poisoned } = await stack.ask('edge', target, { headers: { [header]: 'evil.example' } });
    const { text } = await stack.ask('edge', target);
    expect(text).not.toContain('evil.example');
    expect(poisoned).not.toContain('evil.example');
    const other = `/section/clean-${header.toLowerCase()}`;
    expect(body(text).replaceAll(target, '')).toBe(body((await stack.ask('edge', other)).text).replaceAll(other, ''));
  });

  test('parameters are part of the cache key only on paths that use them', async () => {
    const path = `/robots.txt`;
    await stack.ask('edge', path);
    for (const query of [
      'utm_source=x',
      'limit=5',
      'after=x',
      'exclude=x',
      'since=1',
      'limit=1&limit=2',
      '%6cimit=3',
      `cb=${Date.now()}`,
      '=',
      '&&&',
      'a'.repeat(4000),
    ]) {
      const { text } = await stack.ask('edge', `${path}?${query}`);
      expect([query.slice(0, 40), /x-cache: (.*)/i.exec(text)?.[1]]).toEqual([
        query.slice(0, 40),
        'Hit from cloudfront',
      ]);
    }
    await stack.ask('edge', '/feeds/latest.json?limit=7');
    for (const query of [
      'limit=7&utm_source=x',
      'x=1&limit=7',
      'exclude=aaaaaaaaaaaaaaaa&limit=7',
      'limit=7&limit=8',
      'since=1&limit=7',
    ]) {
      const { text } = await stack.ask('edge', `/feeds/latest.json?${query}`);
      expect([query, /x-cache: (.*)/i.exec(text)?.[1]]).toEqual([query, 'Hit from cloudfront']);
    }
  });
});

describe('HTTP methods', () => {
  test('the edge itself rejects every method but GET and HEAD', async () => {
    for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'PURGE']) {
      const { statuses, text } = await stack.ask('edge', `/feeds/latest.json?limit=${method.length}`, { method });
      expect([method, statuses]).toEqual([method, [method === 'OPTIONS' ? 204 : 403]]);
      // An answer of the origin is problem+json or has its headers.
      expect(text).not.toMatch(/problem\+json|x-content-type-options/i);
    }
  });
});

describe('a cursor that Pressrun did not make', () => {
  const place = '2026-05-01T12:00:00.000Z#abcdefghijklmnop';
  const feed = [
    cursorOf('2026-02-30T12:00:00.000Z#abcdefghijklmnop'),
    cursorOf('9999-99-99T99:99:99.999Z#abcdefghijklmnop'),
    cursorOf(`${place}x`),
    cursorOf(`x${place}`),
    cursorOf(place.toUpperCase()),
    `${cursorOf(place)}=`,
    `${cursorOf(place)}%20`,
    cursorOf('2126-05-01T12:00:00.000Z#abcdefghijklmnop'),
    cursorOf('#'),
    cursorOf(''),
    'x',
    '__proto__',
    '../../etc/passwd',
    '%00',
    "' OR 1=1",
    'a'.repeat(5000),
  ];

  test('is answered 400 by a feed in every format', async () => {
    for (const cursor of feed) {
      for (const target of [
        '/feeds/latest.json',
        '/feeds/latest.rss',
        '/feeds/latest.atom',
        '/latest',
        '/section/world',
      ]) {
        const { statuses } = await stack.ask('edge', `${target}?after=${cursor.replaceAll(' ', '+')}`);
        expect([target, cursor.slice(0, 80), statuses]).toEqual([target, cursor.slice(0, 80), [400]]);
      }
    }
  });

  test('is answered 400 by the list of changes, or 410 if it is older than the list, without reading years of rows', async () => {
    const far = (position: string): string => Buffer.from(position).toString('base64url');
    const id = '#0000000000000000#abcdefghijklmnop';
    for (const [cursor, status] of [
      [far(`0000000000000${id}`), 410],
      [far(`9999999999999${id}`), 400],
      [far(`${Date.now() + 3_600_000}${id}`), 400],
      [far(`${Date.now()}#9999999999999999#abcdefghijklmnop`), 400],
      [far(`${Date.now()}${id}~9999999999999999`), 400],
      [far(`${Date.now()}${id}~0`), 410],
      [far(`${Date.now()}${id}~00`), 400],
      [far(`99999999999999${id}`), 400],
      ['x', 400],
    ] as const) {
      const { statuses } = await stack.ask('edge', `/changes?after=${cursor}`);
      expect([Buffer.from(cursor, 'base64url').toString(), statuses]).toEqual([
        Buffer.from(cursor, 'base64url').toString(),
        [status],
      ]);
    }
  });

  test('is cached once in all its spellings', async () => {
    for (const [path, wrong] of [
      ['/feeds/latest.json', ['after=x%79', 'after=%78y', 'after=x+y', 'after=x=', `after=${'a'.repeat(200)}`]],
      ['/feeds/latest.rss', ['limit=030', 'limit=0030', 'limit=3%30', 'limit=101', 'limit=-1']],
      ['/fronts/home.json', ['exclude=ABCDEFGHIJKLMNOP', 'exclude=%61bcdefghijklmnop', 'exclude=1']],
      ['/changes', ['since=01', 'since=%31', 'since=now']],
    ] as const) {
      const [first, ...others] = await Promise.all(
        wrong.map(async (query, n) => {
          if (n > 0) await stack.ask('edge', `${path}?${wrong[0]}`);
          return stack.ask('edge', `${path}?${query}`);
        }),
      );
      expect([path, first?.statuses]).toEqual([path, [400]]);
      // CloudFront says of an error that it had kept that it is one, and how old it is.
      for (const { statuses, text } of others)
        expect([path, statuses, /^age: \d+/im.test(text)]).toEqual([path, [400], true]);
    }
  });

  test('a path is cached once in all its spellings', async () => {
    await stack.ask('edge', '/section/one-path');
    for (const target of [
      '/%73ection/one-path',
      '/section/%6fne-path',
      '/section/%6Fne%2Dpath',
      '/%73%65%63%74%69%6f%6e/one-path',
    ])
      expect([target, /^age: \d+/im.test((await stack.ask('edge', target)).text)]).toEqual([target, true]);
  });

  test('an invalid limit, instant or id is answered 400', async () => {
    for (const target of [
      '/feeds/latest.json?limit=0',
      '/feeds/latest.json?limit=101',
      '/feeds/latest.json?limit=1e1',
      '/feeds/latest.json?limit=-1',
      '/feeds/latest.json?limit=',
      '/changes?since=1e3',
      '/changes?since=9999999999999999',
    ]) {
      expect([target, (await stack.ask('edge', target)).statuses]).toEqual([target, [400]]);
    }
  });
});

describe('path traversal', () => {
  const climbs = [
    '../../../../../../etc/passwd',
    '..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '..%5c..%5cetc%5cpasswd',
    '....//....//etc/passwd',
    '%252e%252e%252fetc%252fpasswd',
    '%c0%ae%c0%ae/etc/passwd',
    '..%00/etc/passwd',
    '/etc/passwd',
  ];

  test.each(['/', '/audio/', '/assets/sample/', '/articles/', '/feeds/', '/fronts/'])(
    'a path below %s of the edge reaches no file',
    async (base) => {
      for (const climb of climbs) {
        const { statuses, text } = await stack.ask('edge', base + climb);
        expect([climb, onlyOf(statuses, 400, 403, 404)]).toEqual([climb, 'held']);
        expect(text).not.toContain('root:');
      }
    },
  );

  test('a path reaches nothing outside a bucket, for reading or for writing', async () => {
    for (const climb of climbs) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { text } = await stack.ask('aws', `/pressrun-local-parcels/${climb}`, {
          method,
          ...(method === 'PUT' && { body: 'by an outsider' }),
        });
        expect([climb, text.includes('root:x')]).toEqual([climb, false]);
      }
    }
    const { text } = await stack.ask('aws', '/pressrun-local-parcels/..%2fevents.log', { method: 'GET' });
    expect(text).not.toMatch(/^HTTP\/1\.1 200/);
  });
});

describe('requests and events that are too large', () => {
  test.each(ports)('a request line or headers beyond 16 KB are rejected by the %s port', async (port) => {
    for (const request of [
      `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: ${stack.host(port)}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${stack.host(port)}\r\nX: ${'a'.repeat(40_000)}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${stack.host(port)}\r\n${Array.from({ length: 3000 }, (_, n) => `X-${n}: 1\r\n`).join('')}Connection: close\r\n\r\n`,
    ]) {
      expect(onlyOf((await stack.raw(port, request)).statuses, 414, 431)).toBe('held');
    }
  });

  test('a webhook of 7 MB is rejected with and without a signature', async () => {
    const body = Buffer.alloc(7 * 1024 * 1024, 0x20);
    expect((await stack.ask('ingest', '/ingest/ghost', { method: 'POST', body })).statuses).toEqual([413]);
  });

  test('the bus rejects an event of 300 KB, and takes the other events of the request', async () => {
    const { statuses, text } = await stack.ask('aws', '/', {
      method: 'POST',
      headers: putEvents,
      body: event({ uri: 'urn:attack:large', body: 'x'.repeat(1_100_000) }),
    });
    expect(onlyOf(statuses, 200, 400, 413)).toBe('held');
    expect(text).not.toContain('"FailedEntryCount":0');
  });
});

describe('request smuggling', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const shapes = (host: string): Readonly<Record<string, string>> => ({
    'length and chunks': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'chunks and length': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: ${smuggled.length + 5}\r\n\r\n0\r\n\r\n${smuggled}`,
    'two lengths': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    'a list of lengths': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0, ${smuggled.length}\r\n\r\n${smuggled}`,
    'a signed length': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length: +0\r\n\r\n${smuggled}`,
    'chunks that are none': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: xchunked\r\n\r\n${smuggled}`,
    'chunks twice': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    'a space before the colon': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nContent-Length : ${smuggled.length}\r\n\r\n${smuggled}`,
    'a folded header': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nX: a\r\n Transfer-Encoding: chunked\r\nContent-Length : 0\r\n\r\n${smuggled}`,
    'line feeds alone': `POST /ingest/ghost HTTP/1.1\nHost: ${host}\nContent-Length: 0\nTransfer-Encoding: chunked\n\n0\n\n${smuggled}`,
    'a size of a chunk that overflows': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff0\r\n${smuggled}`,
    'a chunk extension with a line feed': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n0;\nx\r\n\r\n${smuggled}`,
    'NUL in a header': `POST /ingest/ghost HTTP/1.1\r\nHost: ${host}\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n${smuggled}`,
  });

  test.each(ports)('the %s port never reads one request as two', async (port) => {
    for (const [name, request] of Object.entries(shapes(stack.host(port)))) {
      // Read to the end of the connection: the server closed it after one answer.
      const { statuses } = await stack.raw(port, request);
      expect([name, onlyOf(statuses, 400, 403)]).toEqual([name, 'held']);
    }
  });

  test('a path or a parameter cannot split a header', async () => {
    for (const target of [
      '/latest%0d%0aX-Split:%20yes',
      '/feeds/latest.json?limit=5%0d%0aX-Split:%20yes',
      '/section/%0d%0aSet-Cookie:x=1',
      '/articles/aaaaaaaaaaaaaaaa/%0d%0aX-Split:1/',
    ]) {
      const { text } = await stack.ask('edge', target);
      expect(text.split('\r\n\r\n')[0]).not.toMatch(/^(?:x-split|set-cookie)/im);
    }
  });
});

describe('floods', () => {
  test('five hundred readers with five hundred unknown parameters cause one request to the origin', async () => {
    await stack.ask('edge', '/robots.txt');
    const caches = await Promise.all(
      Array.from(
        { length: 500 },
        async (_, n) => /x-cache: (\w+)/i.exec((await stack.ask('edge', `/robots.txt?q${n}=${n}`)).text)?.[1],
      ),
    );
    expect(new Set(caches)).toEqual(new Set(['Hit']));
  });

  test('three hundred unsigned webhooks are all rejected, and readers are served meanwhile', async () => {
    const flood = Promise.all(
      Array.from(
        { length: 300 },
        async () => (await stack.ask('ingest', '/ingest/ghost', { method: 'POST', body: '{}' })).statuses[0],
      ),
    );
    expect((await stack.ask('edge', '/feeds/latest.json?limit=3')).statuses).toEqual([200]);
    expect((await flood).filter((status) => status !== 401 && status !== 429)).toEqual([]);
  });

  test('two hundred unfinished requests block no reader', async () => {
    const sockets: Socket[] = [];
    for (const port of ports) {
      for (let n = 0; n < 200; n += 1) {
        const socket = connect({ host: '127.0.0.1', port: Number(portNumber(port)) });
        socket.on('error', () => undefined);
        socket.write(`POST /ingest/ghost HTTP/1.1\r\nHost: ${stack.host(port)}\r\nContent-Length: 1000\r\n`);
        sockets.push(socket);
      }
    }
    expect(await stack.isWell()).toBe(true);
    for (const socket of sockets) socket.destroy();
  });
});

describe('webhooks without a valid signature', () => {
  const body = '{"post":{"current":{"id":"1","title":"Not by us","status":"published"}}}';

  test.each(sources.map(({ name, authentication }) => [name, authentication] as const))(
    '%s: a signature that is missing, wrong, cut short, too old, from the future or of another body is answered 401',
    async (name, authentication) => {
      const now = Date.now();
      const signed = sign(authentication, Buffer.from(body), RunningStack.secret, now);
      const forged: Readonly<Record<string, string>>[] = [
        {},
        sign(authentication, Buffer.from(body), 'another secret', now),
        sign(authentication, Buffer.from(body), '', now),
        Object.fromEntries(Object.entries(signed).map(([header, value]) => [header, value.slice(0, -1)])),
        Object.fromEntries(Object.keys(signed).map((header) => [header, ''])),
        Object.fromEntries(Object.keys(signed).map((header) => [header, '__proto__'])),
        ...(authentication.kind === 'token'
          ? []
          : [
              sign(authentication, Buffer.from(`${body} `), RunningStack.secret, now),
              ...(signsTime(authentication) ? [-6, 6] : []).map((minutes) =>
                sign(authentication, Buffer.from(body), RunningStack.secret, now + minutes * 60_000),
              ),
            ]),
      ];
      for (const headers of forged) {
        const { statuses } = await stack.ask('ingest', `/ingest/${name}`, { method: 'POST', headers, body });
        expect([headers, statuses]).toEqual([headers, [401]]);
      }
    },
  );

  test('no other spelling of its address reaches a webhook endpoint', async () => {
    for (const target of [
      '/',
      '/ingest',
      '/ingest/',
      '/ingest/nobody',
      '/INGEST/ghost',
      '/ingest//ghost',
      '/ingest/ghost/../ninjs',
      '/ingest/ghost%2f',
      '//ingest/ghost',
      '/ingest/ghost;x',
    ]) {
      const { statuses } = await stack.ask('ingest', target, { method: 'POST', body });
      expect([target, onlyOf(statuses, 400, 404)]).toEqual([target, 'held']);
    }
  });
});

describe('files on disk', () => {
  test('are not readable for other accounts of this machine', async () => {
    const directory = join(stack.dataDirectory, 'data');
    const open: string[] = [];
    for (const entry of [
      { parentPath: stack.dataDirectory, name: 'data' },
      ...(await readdir(directory, { recursive: true, withFileTypes: true })),
    ]) {
      const path = join(entry.parentPath, entry.name);
      if (((await stat(path)).mode & 0o077) !== 0) open.push(path.slice(directory.length));
    }
    expect(open).toEqual([]);
  });
});
