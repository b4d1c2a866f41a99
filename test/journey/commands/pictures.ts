import { expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { story } from '../../unit/story.ts';
import { minutesAgo } from '../newsroom.ts';
import { announced, connection, newsroom, pressrun } from './shared-newsroom.ts';

const picture = {
  uri: 'urn:desk:picture',
  type: 'picture',
  by: 'Mia Stone',
  renditions: [{ href: 'https://pictures.example.com/desk.jpg', width: 800 }],
};
const uri = 'urn:desk:linked';

test('only pictures can be pulled, and one that no story has only with --not-seen-yet', async () => {
  const illustrated = 'urn:desk:more';
  await newsroom.put('article.published', story({ uri, versionCreated: minutesAgo(9) }));
  const associations = [picture, { uri, type: 'text', headlines: [{ value: 'Read more' }] }];
  await newsroom.put('article.published', {
    ...story({ uri: illustrated, versionCreated: minutesAgo(9), associations }),
    bodies: [
      {
        contentType: 'text/html',
        value: '<p>Seen.</p><figure><img src="https://pictures.example.com/in-text.jpg" alt=""></figure>',
      },
    ],
  });
  await announced(uri, illustrated);
  const pictures = JSON.parse((await pressrun('--json', 'pictures', illustrated)).out) as { uri: string }[];
  expect(pictures.map((each) => each.uri)).toEqual(['urn:desk:picture', 'https://pictures.example.com/in-text.jpg']);
  const pulled = async (): Promise<ReadonlySet<string>> => (await connection.pictures.pulled()).ids;

  expect(await pressrun('pull-picture', uri, '--yes')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/urn:desk:linked is a story.*withdraw or hold/) as unknown,
  });
  expect(await pressrun('pull-picture', uri, '--yes', '--not-seen-yet')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/is a story/) as unknown,
  });
  expect(await pressrun('pull-picture', picture.uri, 'urn:desk:pictur', '--yes')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no story.* urn:desk:pictur: .*--not-seen-yet/) as unknown,
  });
  expect(await pressrun('pull-picture', 'urn:desk:other', '--story', illustrated, '--yes')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--not-seen-yet/) as unknown,
  });
  expect(await pressrun('restore-picture', picture.uri, '--yes')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/urn:desk:picture is not pulled/) as unknown,
  });
  expect((await pulled()).size).toBe(0);

  expect(
    await pressrun('pull-picture', 'https://pictures.example.com/in-text.jpg', '--story', illustrated, '--yes'),
  ).toMatchObject({ code: 0 });
  expect(await pressrun('pull-picture', 'urn:desk:future', '--yes', '--not-seen-yet')).toMatchObject({ code: 0 });
  expect(await pulled()).toEqual(
    new Set([articleIdOf('https://pictures.example.com/in-text.jpg'), articleIdOf('urn:desk:future')]),
  );
  expect(
    await pressrun('restore-picture', 'urn:desk:future', 'https://pictures.example.com/in-text.jpg', '--yes'),
  ).toMatchObject({ code: 0 });
});

test('a picture can be found, pulled and restored, and has a history', async () => {
  const illustrated = 'urn:desk:illustrated';
  await newsroom.put(
    'article.published',
    story({ uri: illustrated, versionCreated: minutesAgo(9), associations: [picture] }),
  );
  await announced(illustrated);
  expect((await pressrun('pictures', illustrated)).out).toContain('urn:desk:picture');
  expect(
    await pressrun('pull-picture', picture.uri, '--yes', '--actor', 'ada', '--reason', 'no licence'),
  ).toMatchObject({ code: 0 });
  await newsroom.until(
    'it is gone',
    async () => !(await (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).text()).includes('desk.jpg'),
  );
  expect((await pressrun('pictures', illustrated)).out).toContain('PULLED');
  expect((await pressrun('history', picture.uri)).out).toMatch(/was pulled[^]*article\.held.*\[ada: no licence\]/);
  expect(await pressrun('restore-picture', picture.uri, '--yes')).toMatchObject({ code: 0 });
  await newsroom.until('it is back', async () =>
    (await (await newsroom.get(`/articles/${articleIdOf(illustrated)}.json`)).text()).includes('desk.jpg'),
  );
});
