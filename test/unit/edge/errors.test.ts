import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { OriginResponse } from '../../../tools/laptop/cloudfront/origin.ts';
import { bench, settled, hit, miss, error } from './bench.ts';

describe('errors', () => {
  test.each<[number, Record<string, string>, number]>([
    [404, {}, 5],
    [404, { 'cache-control': 's-maxage=2' }, 5],
    [404, { 'cache-control': 's-maxage=8' }, 8],
    [404, { 'cache-control': 'no-store' }, 0],
    [502, { 'cache-control': 'no-store' }, 5],
    [500, {}, 10],
    [410, { 'cache-control': 's-maxage=5' }, 0],
    [400, { 'cache-control': 's-maxage=5' }, 5],
    [403, { 'cache-control': 's-maxage=5' }, 5],
    [403, {}, 0],
    [400, {}, 0],
  ])('%d with %j is cached for %d s', async (statusCode, headers, seconds) => {
    const it = await bench();
    it.answers = () => ({ statusCode, headers, body: 'sorry' });
    expect(await it.read('/a')).toMatchObject({ status: statusCode, body: 'sorry', headers: { 'x-cache': error } });
    if (seconds > 0) {
      it.advance(seconds - 0.001);
      expect((await it.read('/a')).headers).toMatchObject({ 'x-cache': error, age: String(seconds - 1) });
      it.advance(0.001);
    }
    await it.read('/a');
    expect(it.asked).toHaveLength(2);
  });

  test('an address of more than 8,192 bytes is 414, without a request to the origin', async () => {
    const it = await bench();
    expect(await it.read(`/${'a'.repeat(8191)}`)).toMatchObject({ status: 200 });
    expect(await it.read(`/${'a'.repeat(8192)}`)).toMatchObject({ status: 414, headers: { 'x-cache': error } });
    expect(it.asked).toHaveLength(1);
  });

  test('a 404 with tags is purged like a page', async () => {
    const it = await bench();
    it.answers = () => ({ statusCode: 404, headers: { 'cache-tag': 'article:a' } });
    await it.read('/a');
    it.edge.invalidate(['#article:a']);
    it.answers = () => ({});
    expect(await it.read('/a')).toMatchObject({ status: 200 });
  });

  test('an origin that throws is a 502 with the reason, and one that does not answer a 504', async () => {
    const throwing = await bench({ origin: () => Promise.reject(new Error('no <bundle>')) });
    const thrown = await throwing.read('/a');
    expect(thrown).toMatchObject({ status: 502, headers: { 'x-cache': error } });
    expect(thrown.body).toContain('no &#60;bundle&#62;');
    const silent = await bench({
      originTimeoutMilliseconds: 1,
      origin: () => Promise.withResolvers<OriginResponse>().promise,
    });
    expect(await silent.read('/a')).toMatchObject({ status: 504, headers: { 'x-cache': error } });
  });

  test.each<[string, Partial<OriginResponse>]>([
    ['a header that HTTP cannot carry', { headers: { 'x-name': 'a\nb' } }],
    ['an invalid status', { statusCode: 99 }],
  ])('an answer with %s is a 502', async (_name, answer) => {
    const it = await bench();
    it.answers = () => ({ statusCode: answer.statusCode ?? 200, headers: answer.headers ?? {} });
    expect(await it.read('/a')).toMatchObject({ status: 502 });
  });
});

describe('concurrent readers', () => {
  test('of one object cause one request to the origin', async () => {
    const it = await bench();
    const asked = it.nextAsked();
    const readers = [it.read('/a'), it.read('/a'), it.read('/a', { method: 'HEAD' })];
    const one = await asked;
    await settled(it);
    one.answer('one');
    const answers = await Promise.all(readers);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers['x-cache']).sort()).toEqual([hit, hit, miss]);
    expect(it.asked).toHaveLength(1);
  });

  test('do not share an answer that is meant for one reader', async () => {
    const it = await bench();
    const first = it.nextAsked();
    const readers = [it.read('/a'), it.read('/a')];
    const one = await first;
    await settled(it);
    const second = it.nextAsked();
    one.answer('one', { 'set-cookie': 'id=1', 'cache-control': 's-maxage=60' });
    (await second).answer('two', { 'set-cookie': 'id=2' });
    const answers = await Promise.all(readers);
    expect(answers.map(({ body }) => body).sort()).toEqual(['one', 'two']);
  });

  test('are not affected by a reader who leaves during the request to the origin', async () => {
    const it = await bench();
    const asked = it.nextAsked();
    const leaver = httpRequest({ host: '127.0.0.1', port: it.port, path: '/a', agent: false });
    leaver.on('error', () => undefined);
    const left = new Promise((resolve) => leaver.on('close', resolve));
    leaver.end();
    const one = await asked;
    leaver.destroy();
    await left;
    await settled(it);
    one.answer('one');
    await settled(it);
    expect(await it.read('/a')).toMatchObject({ body: 'one', headers: { 'x-cache': hit } });
  });
});
