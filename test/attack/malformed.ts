import { describe, expect, test } from '@jest/globals';
import { ports } from './outsider.ts';
import { amzJson, bucketName, onlyOf, stack } from './shared-stack.ts';

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
    const bucket = await bucketName();
    for (const method of ['GET', 'POST']) {
      for (const target of [...targets, `/${bucket}/%zz`]) {
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
