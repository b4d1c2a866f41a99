import { describe, expect, test } from '@jest/globals';
import { ports, RunningStack, type Port } from './outsider.ts';
import { amzJson, event, onlyOf, portNumber, putEvents, stack } from './shared-stack.ts';

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
