import { describe, expect, test } from '@jest/globals';
import { acceptTheme } from '../../shared/site/theme-schema.ts';
import { embedAt, frameSources } from '../../shared/site/embeds.ts';
import { sanitise } from '../../shared/article/sanitise.ts';
import { referencesIn } from '../../shared/picture/text-files.ts';
import { embeds, scriptedEmbeds } from '../fixtures/embeds.ts';
import { theme } from './newspaper.ts';

const known = [...Object.entries(embeds), ...Object.entries(scriptedEmbeds)];

describe('content of other sites', () => {
  test.each(known)('is recognised in sanitised HTML: %s', (provider, markup) => {
    const found = referencesIn(sanitise(markup)).map(({ address }) => embedAt(theme, address, true));
    expect(found.flatMap((embed) => embed?.provider ?? [])).toContain(provider);
  });

  test.each(known)(
    'has one source in the policy, and its frame and page have the same content: %s',
    (provider, markup) => {
      const [found] = referencesIn(sanitise(markup)).flatMap(({ address }) => embedAt(theme, address, true) ?? []);
      const sources = frameSources(theme).filter((source) =>
        found?.frame.startsWith(source.endsWith('/') ? source : `${source}/`),
      );
      expect(sources).toHaveLength(1);
      // A page of Facebook may be anything: only frames name what they show.
      for (const address of [found?.frame ?? '', found?.page ?? ''])
        if (!address.startsWith('https://www.facebook.com/harbour'))
          expect(embedAt(theme, address, true)).toEqual(found);
      expect(found?.provider).toBe(provider);
    },
  );

  test.each([
    ['https://youtu.be/dQw4w9WgXcQ?si=x', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
    [
      'https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=3',
      'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=3',
    ],
    [
      'https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1&id=1',
      'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1',
    ],
    [
      'https://youtu.be/dQw4w9WgXcQ?t=1h2m3s',
      'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=3723',
    ],
    ['https://youtu.be/dQw4w9WgXcQ?t=soon', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
    ['https://www.youtube.com/v/dQw4w9WgXcQ', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
    ['https://music.youtube.com/watch?v=dQw4w9WgXcQ', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
    [
      'https://www.youtube.com/playlist?list=PL1',
      'https://www.youtube-nocookie.com/embed/videoseries?list=PL1&autoplay=1',
    ],
    [
      'https://www.youtube.com/embed/videoseries?list=PL1',
      'https://www.youtube-nocookie.com/embed/videoseries?list=PL1&autoplay=1',
    ],
    [
      'https://vimeo.com/channels/staffpicks/76979871#t=30s',
      'https://player.vimeo.com/video/76979871?dnt=1&autoplay=1#t=30s',
    ],
    [
      'https://vimeo.com/76979871?h=8272103f6e',
      'https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=8272103f6e',
    ],
    ['https://twitter.com/harbour/statuses/12?s=20', 'https://platform.twitter.com/embed/Tweet.html?id=12&dnt=true'],
    ['https://x.com/harbour/status/12/photo/1', 'https://platform.twitter.com/embed/Tweet.html?id=12&dnt=true'],
    ['https://www.instagram.com/reels/Ab-1/', 'https://www.instagram.com/reel/Ab-1/embed/'],
    ['https://open.spotify.com/intl-de/track/7mak?si=x', 'https://open.spotify.com/embed/track/7mak'],
    ['https://open.spotify.com/embed-podcast/episode/7mak', 'https://open.spotify.com/embed/episode/7mak'],
    ['https://www.datawrapper.de/_/aB3dE/', 'https://datawrapper.dwcdn.net/aB3dE/'],
    ['https://www.youtube.com/shorts/dQw4w9WgXcQ', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
    ['https://vimeo.com/76979871/8272103f6e', 'https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=8272103f6e'],
    ['https://x.com/harbour/status/12/', 'https://platform.twitter.com/embed/Tweet.html?id=12&dnt=true'],
    ['https://www.instagram.com/harbour/reel/Ab-1/', 'https://www.instagram.com/reel/Ab-1/embed/'],
    ['https://public.flourish.studio/story/12/', 'https://flo.uri.sh/story/12/embed'],
    [
      'https://m.soundcloud.com/harbour-fm/fog?si=x',
      'https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fharbour-fm%2Ffog&visual=false',
    ],
    [
      'https://soundcloud.com/harbour-fm/sets/fog',
      'https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fharbour-fm%2Fsets%2Ffog&visual=false',
    ],
    [
      'https://www.facebook.com/harbour.news/videos/12345/',
      'https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fharbour.news%2Fvideos%2F12345',
    ],
    [
      'https://www.facebook.com/watch/?v=12345',
      'https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%3Fv%3D12345',
    ],
    [
      'https://bsky.app/profile/harbour-news.example.com/post/3kxyz',
      'https://embed.bsky.app/embed/harbour-news.example.com/app.bsky.feed.post/3kxyz',
    ],
  ])(
    'is recognised by the address of its page alone, and has that content in its frame and page: %s',
    (address, frame) => {
      const embed = embedAt(theme, address, true);
      expect(embed?.frame).toBe(frame);
      // Where a video begins is in the address of the page as another parameter.
      if (!frame.includes('autoplay'))
        for (const own of [frame, embed?.page ?? '']) expect(embedAt(theme, own, true)).toEqual(embed);
    },
  );

  test.each([
    'https://www.youtube.com/@harbour',
    'https://www.youtube.com/embed/videoseries',
    'https://www.youtube.com.evil.example/embed/dQw4w9WgXcQ',
    'https://evil.example/?x=https://www.youtube.com/embed/dQw4w9WgXcQ',
    'https://www.youtube.com:8443/embed/dQw4w9WgXcQ',
    'https://user@www.youtube.com/embed/dQw4w9WgXcQ',
    'https://www.youtube.com/embed/dQw4w9WgXc"',
    'https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fevil.example%2F',
    'https://w.soundcloud.com/player/?url=https%3A//evil.example/tracks/293',
    'https://x.com/harbour',
    'https://soundcloud.com/harbour-fm',
    'https://soundcloud.com/harbour-fm/sets',
    'https://soundcloud.com/you/library',
    'https://www.facebook.com/harbour/posts/12345',
    'https://www.facebook.com/watch/',
    'https://vm.tiktok.com/ZM8abc/',
    'javascript:alert(1)',
    '/embed/dQw4w9WgXcQ',
    `https://${'a'.repeat(300)}.example/`,
  ])('is not recognised in a lookalike: %s', (address) => {
    expect(embedAt(theme, address, true)).toBeUndefined();
  });

  test('is limited to the theme’s providers, and includes the theme’s own', () => {
    const own = { name: 'Infogram', address: 'https://e.infogram.com/' };
    const narrow = { ...theme, embeds: ['vimeo', own] } as const;
    expect(embedAt(narrow, 'https://www.youtube.com/embed/dQw4w9WgXcQ', true)).toBeUndefined();
    expect(embedAt(narrow, 'https://vimeo.com/1', true)?.provider).toBe('Vimeo');
    expect(embedAt(narrow, 'https://e.infogram.com/a-b?src=embed', false)).toMatchObject({
      provider: 'Infogram',
      frame: 'https://e.infogram.com/a-b?src=embed',
    });
    expect(embedAt(narrow, 'https://e.infogram.com.evil.example/a', true)).toBeUndefined();
    expect(frameSources(narrow)).toEqual(['https://player.vimeo.com', 'https://e.infogram.com/']);
    expect(acceptTheme({ ...theme, embeds: ['vimeo', own] })).toHaveProperty('theme.embeds', ['vimeo', own]);
  });

  test.each([
    'myspace',
    { name: 'A', address: 'https://a.example' },
    { name: 'A', address: "https://a.example/ 'unsafe-inline'/" },
    { name: 'A', address: 'http://a.example/' },
  ])('cannot be from an unknown provider or an invalid source: %j', (provider) => {
    expect(acceptTheme({ ...theme, embeds: [provider] })).toEqual({
      issues: [
        expect.stringMatching(
          /^embeds\.0 must be youtube, vimeo, .*, or \{ name, address \}$|^embeds\.0\.address must be the beginning/,
        ),
      ],
    });
  });
});
