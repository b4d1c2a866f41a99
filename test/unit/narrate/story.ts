import { describe, expect, test } from '@jest/globals';
import { narrate } from '../../../functions/narrate/narrate.ts';
import { pictureIdNamed } from '../../../shared/picture/picture.ts';
import { noon } from '../story.ts';
import { id, announced, Studio, storyOf } from './studio.ts';

describe('a narrated story', () => {
  test('is synthesised piece by piece, each once, and offered when all pieces are there', async () => {
    const studio = new Studio();
    await studio.publish('One.', 'Two.', 'One.');
    expect(await studio.poll()).toBe('under way');
    expect(studio.speech.said).toEqual(['A bridge', 'By Ada Marlow', 'One.', 'Two.']);
    expect(await studio.poll()).toBe('under way');
    await studio.speech.finish('done', (text) => text !== 'Two.');
    expect(await studio.poll()).toBe('under way');
    expect((await studio.state()).offered).toBeUndefined();
    await studio.speech.finish();
    expect(await studio.poll()).toBe('published');
    const { offered, audio } = await studio.state();
    expect(audio).toEqual([offered]);
    const head = await studio.articles.head(id);
    const file = studio.files.files.get(offered?.slice(1) ?? '');
    expect(head).toMatchObject({ change: 'revised', card: { audio: { bytes: file?.bytes.length } } });
    expect(file?.tags).toEqual([`article:${id}`]);
    // 42 characters of 26 ms, and four pauses of half a second.
    expect(head?.card?.audio?.seconds).toBe(3);
    expect([await studio.poll(), studio.speech.said.length, (await studio.articles.head(id))?.seq]).toEqual([
      'up to date',
      4,
      head?.seq,
    ]);
  });

  test('is polled at growing intervals, and given up in the end', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.poll();
    const delays: number[] = [];
    let rejected: unknown;
    for (let poll = studio.narrationQueue.asked.shift(); poll; poll = studio.narrationQueue.asked.shift()) {
      delays.push(poll.delaySeconds);
      rejected = await narrate(studio.ports(), poll).catch((error: unknown) => error);
    }
    expect(delays.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    expect(delays.length).toBe(36);
    expect(String(rejected)).toMatch(/has not finished/);
  });

  test('with a corrected headline pays for the headline only, and the old rendition is deleted', async () => {
    const studio = new Studio();
    await studio.publish('One.', 'Two.');
    await studio.quiet(announced);
    const before = await studio.state();
    await studio.send('article.updated', storyOf(['One.', 'Two.'], 'A bridge, mended'));
    expect((await studio.state()).offered).toBeUndefined();
    await studio.quiet(announced);
    expect(studio.speech.said.slice(4)).toEqual(['A bridge, mended']);
    const after = await studio.state();
    expect(after.audio).toEqual([after.offered]);
    expect(after.offered).not.toBe(before.offered);
    // No page links to the old file, and its copies expire within a minute, so it needs no purge.
    expect(studio.purgeRequests.asked).toEqual([]);
  });

  test('whose text did not change keeps its rendition through every new version', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    const { offered } = await studio.state();
    await studio.send('article.updated', { ...storyOf(['One.']), genres: [{ name: 'Feature' }], urgency: 2 });
    expect((await studio.state()).offered).toBe(offered);
    expect(await studio.poll()).toBe('up to date');
    expect(studio.speech.said).toHaveLength(3);
  });

  test('that is withdrawn loses rendition and pieces, is purged, and loses pieces that Polly finishes later', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    await studio.publish('One.', 'Two.');
    await studio.poll();
    await studio.send('article.unpublished', { uri: 'urn:newsroom:harbour-bridge' });
    expect(await studio.poll()).toBe('silent: it is not live');
    expect(await studio.state()).toEqual({ visibility: 'gone', offered: undefined, audio: [], parts: 0 });
    expect(studio.purgeRequests.asked).toEqual([
      { tags: [`article:${id}`], articles: [], urgent: true, delaySeconds: 11 },
    ]);
    // Its own poll comes before Polly is done, and asks for another.
    for (const poll of studio.narrationQueue.asked.splice(0)) await narrate(studio.ports(), poll);
    await studio.speech.finish();
    expect(studio.lying('takes/')).toHaveLength(1);
    await studio.quiet();
    expect(studio.lying('')).toEqual([]);
    expect([await studio.poll(), studio.narrationQueue.asked]).toEqual(['silent: it is not live', []]);
  });

  test('that returns is synthesised again, and never offers a deleted file', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    await studio.send('article.held', { uri: 'urn:newsroom:harbour-bridge' });
    await studio.quiet(announced);
    await studio.send('article.unheld', { uri: 'urn:newsroom:harbour-bridge' });
    expect(await studio.state()).toMatchObject({ visibility: 'live', offered: undefined, audio: [] });
    await studio.quiet(announced);
    const { offered, audio } = await studio.state();
    expect([offered !== undefined, audio]).toEqual([true, [offered]]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['there is no voice for fr', { ...storyOf(['Un.']), language: 'fr' }],
    [
      'the desk brings its own audio',
      { ...storyOf(['One.']), renditions: [{ href: 'https://sound.example.com/1.mp3', contentType: 'audio/mpeg' }] },
    ],
    ['it has no paragraphs', { ...storyOf([]), bodies: [] }],
    ['it has 100022 characters, of at most 100000', storyOf(['a'.repeat(100_001)])],
  ])('is not synthesised if %s, and an earlier rendition is no longer offered', async (why, article) => {
    const studio = new Studio();
    await studio.send('article.published', article);
    expect(await studio.poll()).toBe(`silent: ${why}`);
    expect(studio.speech.said).toEqual([]);
    await studio.publish('One.');
    await studio.quiet(announced);
    expect((await studio.state()).offered).toBeDefined();
    await studio.send('article.updated', article);
    await studio.quiet(announced);
    expect(await studio.state()).toMatchObject({ visibility: 'live', offered: undefined, audio: [], parts: 0 });
  });

  test('is not synthesised before its embargo ends', async () => {
    const studio = new Studio();
    await studio.send('article.published', {
      ...storyOf(['Secret.']),
      embargoedUntil: new Date(noon + 3_600_000).toISOString(),
    });
    expect(await studio.poll()).toBe('silent: it is not live');
    expect(studio.speech.said).toEqual([]);
  });

  test('is read without the words of an embargoed or pulled file, as on the page', async () => {
    const href = 'https://media.example/secret.mp4';
    const value = `<p>One.</p><p>See <a href="${href}">the secret</a> now.</p>`;
    for (const said of [{ embargoedUntil: new Date(noon + 3_600_000).toISOString() }, { uri: 'urn:pulled' }]) {
      const studio = new Studio();
      studio.pictures.list = { seq: 1, ids: new Set([pictureIdNamed('urn:pulled')]) };
      await studio.send('article.published', {
        ...storyOf([]),
        bodies: [{ contentType: 'text/html', value }],
        associations: [{ type: 'video', ...said, renditions: [{ href }] }],
      });
      await studio.quiet(announced);
      expect(studio.speech.said.slice(-2)).toEqual(['One.', 'See now.']);
    }
  });

  test('is synthesised again for another voice, and not at all for one that was removed', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    studio.voices = { en: { name: 'Emma', engine: 'neural' } };
    await studio.quiet(announced);
    expect(studio.speech.said).toHaveLength(6);
    studio.voices = {};
    await studio.quiet(announced);
    expect((await studio.state()).offered).toBeUndefined();
  });

  test('with a piece that Polly failed to synthesise is requested again', async () => {
    const studio = new Studio();
    await studio.publish('One.', 'Two.');
    await studio.poll();
    await studio.speech.finish('failed', (text) => text === 'Two.');
    expect(await studio.poll()).toBe('under way');
    await expect(studio.poll(undefined, 4)).rejects.toThrow(/failed to synthesise 1 parts/);
    await studio.quiet(announced);
    expect(studio.speech.said.filter((text) => text === 'Two.')).toHaveLength(2);
    expect((await studio.state()).offered).toBeDefined();
  });

  test.each([
    ['before the audio was made', true],
    ['without it', false],
  ])('that is withdrawn loses its rendition also if the table was restored to a moment %s', async (_, wasNoted) => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    const { synthesisJobs } = studio.articles;
    const noted = synthesisJobs.get(id);
    await studio.publish('Two.');
    await studio.quiet(announced);
    synthesisJobs.delete(id);
    if (wasNoted && noted) synthesisJobs.set(id, noted);
    await studio.send('article.held', { uri: 'urn:newsroom:harbour-bridge' });
    expect(await studio.poll()).toBe('silent: it is not live');
    expect(studio.lying('')).toEqual([]);
    expect(studio.purgeRequests.asked).toEqual([
      { tags: [`article:${id}`], articles: [], urgent: true, delaySeconds: 11 },
    ]);
  });

  test.each([
    ['neural', 250, 120],
    ['generative', 2500, 12],
  ])('is requested at Polly’s rate: with %s voices every %d ms, %d pieces in a poll', async (engine, pace, pieces) => {
    const studio = new Studio();
    studio.voices = { en: { name: 'Amy', engine } };
    await studio.publish(...Array.from({ length: 200 }, (_, number) => `Paragraph ${number}.`));
    expect(await studio.poll()).toBe('under way');
    expect(studio.speech.said).toHaveLength(pieces);
    expect(new Set(studio.paused)).toEqual(new Set([pace]));
    // The rest is asked for by the polls that follow, however many there are.
    await studio.quiet();
    expect(studio.speech.said).toHaveLength(202);
    expect((await studio.state()).offered).toBeDefined();
  });

  test('that exceeds Polly’s quota is requested later, each piece once', async () => {
    const studio = new Studio();
    studio.speech.room = 2;
    await studio.publish('One.', 'Two.', 'Three.');
    expect(await studio.poll()).toBe('under way');
    expect(studio.narrationQueue.asked.map(({ polls, delaySeconds }) => [polls, delaySeconds])).toEqual([[1, 1]]);
    const [second] = studio.narrationQueue.asked.splice(0);
    await narrate(studio.ports(), second ?? announced);
    expect(studio.narrationQueue.asked.map(({ polls, delaySeconds }) => [polls, delaySeconds])).toEqual([[2, 2]]);
    studio.speech.room = Infinity;
    await studio.quiet();
    expect(studio.speech.said.toSorted()).toEqual(['A bridge', 'By Ada Marlow', 'One.', 'Three.', 'Two.']);
    expect((await studio.state()).offered).toBeDefined();
  });

  test('is searched in the bucket, and after a while Polly is asked about a few pieces', async () => {
    const studio = new Studio();
    await studio.publish(...Array.from({ length: 30 }, (_, number) => `Paragraph ${number}.`));
    await studio.poll();
    const asked: number[] = [];
    for (let polls = 1; polls < 6; polls += 1) {
      let questions = 0;
      await studio.poll((effect) => {
        if (effect === 'before progress') questions += 1;
        return Promise.resolve();
      }, polls);
      asked.push(questions);
    }
    expect(asked).toEqual([0, 0, 0, 4, 4]);
  });

  test('is synthesised again if its rendition is missing from the bucket', async () => {
    const studio = new Studio();
    await studio.publish('One.');
    await studio.quiet(announced);
    studio.files.files.clear();
    await studio.quiet(announced);
    const { offered, audio } = await studio.state();
    expect(audio).toEqual([offered]);
  });
});
