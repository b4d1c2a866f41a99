import { expect, test } from '@jest/globals';
import { minutesAgo } from '../newsroom.ts';
import { newsroom, pressrun } from './shared-newsroom.ts';

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
