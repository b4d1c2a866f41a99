import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import { story } from '../../unit/story.ts';
import { minutesAgo, type Newsroom } from '../newsroom.ts';
import { Program } from './program.ts';

/** Runs examples/newsletter against a site that still lists a story which was withdrawn. */
export async function sendsOnlyWhatReadersSee(newsroom: Newsroom): Promise<void> {
  const section = { subjects: [{ rel: 'section', literal: 'morning' }] };
  const put = (type: string, name: string, minutes: number): Promise<string> =>
    newsroom.put(
      type,
      story({ uri: `urn:mail:${name}`, versionCreated: minutesAgo(minutes), headlines: [{ value: name }], ...section }),
      { path: `/morning/${name}` },
    );
  await put('article.published', 'last-week', 7 * 24 * 60);
  await put('article.published', 'first', 30);
  await put('article.published', 'withdrawn', 20);
  await put('article.published', 'second', 10);
  await newsroom.putFront('front.published', {
    name: 'morning',
    versionCreated: minutesAgo(5),
    containers: [{ title: 'Today', pins: ['urn:mail:last-week', 'urn:mail:withdrawn', 'urn:mail:first'] }],
  });
  const lists = ['/feeds/section/morning.json?limit=50', '/fronts/morning.json'];
  const read = async (path: string): Promise<string> => (await newsroom.get(path)).text();
  await newsroom.until('all are listed', async () => {
    const texts = await Promise.all(lists.map(read));
    return (
      texts.every((text) => text.includes('urn:mail:withdrawn')) &&
      ['last-week', 'first', 'second'].every((name) => texts[0]?.includes(`urn:mail:${name}`))
    );
  });
  const old = new Map(await Promise.all(lists.map(async (path) => [path, await read(path)] as const)));
  await put('article.unpublished', 'withdrawn', 1);
  await newsroom.until('it is withdrawn', async () => (await newsroom.get('/morning/withdrawn')).status === 410);

  const site = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '/';
      const listed = old.get(path);
      const answer = listed === undefined ? await newsroom.get(path) : new Response(listed);
      response.writeHead(answer.status).end(await answer.text());
    })();
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const mail = async (...source: string[]): Promise<string[]> => {
    const program = new Program(['newsletter/main.ts', url, ...source]);
    await program.run();
    return program.lines.filter((line) => line !== '');
  };
  try {
    expect(await mail('feeds/section/morning')).toEqual([
      'second',
      `${url}/morning/second`,
      'first',
      `${url}/morning/first`,
    ]);
    expect(await mail('fronts/morning')).toEqual([
      'last-week',
      `${url}/morning/last-week`,
      'first',
      `${url}/morning/first`,
    ]);
  } finally {
    site.close();
  }
}
