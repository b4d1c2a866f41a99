import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../tools/cli/connection.ts';
import { statusOf, stepsOf, wayOf } from '../../tools/cli/status.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { drillContext } from '../../tools/drill/room.ts';
import { Newsroom } from './newsroom.ts';

let newsroom: Newsroom;

beforeAll(async () => {
  newsroom = await Newsroom.open(drillContext, { scheduledAgainMilliseconds: 5000 });
});

afterAll(async () => newsroom.close());

test('one canary at a time goes through the whole pipeline while nothing is published, and no reader sees it', async () => {
  let looks = 0;
  newsroom.stack.events.on((observation) => {
    if (observation.kind === 'message' && observation.queue === 'pressrun-local-watch' && observation.step === 'sent')
      looks += 1;
  });
  await newsroom.until('a reader has seen the canary', () => newsroom.about(canaryUri, 'article.fresh').length > 0);
  const connection = connect('local', newsroom.stack.awsUrl, '');
  const { standing, head, entries, changes } = await wayOf(connection, canaryUri);
  expect({ standing, entries }).toEqual({
    standing: expect.stringMatching(
      new RegExp(`^live at ${head?.path ?? ''}; expired since .*: its page stays, no list shows it$`),
    ) as unknown,
    entries: [],
  });
  expect(changes.map((publishTrace) => stepsOf(publishTrace).map(({ step }) => step))).toEqual([
    ['received', 'settled', 'announced', 'fresh'],
  ]);
  expect(await statusOf(connection)).toMatchObject({ late: 0, changes: [{ uri: canaryUri, change: 'live' }] });
  const page = await newsroom.get(head?.path ?? '');
  expect([page.status, page.headers.get('x-robots-tag')]).toEqual([200, 'noindex']);
  expect(await newsroom.uris('latest')).toEqual([]);
  expect(await (await newsroom.get('/sitemap-news.xml')).text()).not.toContain(articleIdOf(canaryUri));

  // No further canary is due: one was just published.
  const [before, sent] = [looks, await newsroom.versions(canaryUri)];
  await newsroom.until('its schedule has come twice more', () => looks >= before + 2);
  expect(await newsroom.versions(canaryUri)).toBe(sent);
});
