import { describe, expect, test } from '@jest/globals';
import { stripped } from '../../../shared/article/erasure.ts';
import { story } from '../story.ts';
import { issues, published, version, warned } from './accepted.ts';

const profile = (given: unknown, more: Record<string, unknown> = {}): ReturnType<typeof published> =>
  published(story({ uri: 'urn:newsroom:people:ada' }), { profile: given, ...more });

describe('a profile', () => {
  test.each<[unknown]>([['Reporter'], [['Reporter']], [null]])(
    'is rejected rather than published as an article: %j',
    (given) => {
      expect(issues(profile(given))).toEqual(['profile']);
    },
  );

  test('is no post at the same time', () => {
    expect(issues(profile({}, { post: { story: 'urn:newsroom:storm' } }))).toEqual(['profile']);
  });

  test('keeps its fields, and no other; erased, it stays a profile', () => {
    const links = [{ label: 'Mastodon', href: 'https://social.example.com/@ada' }];
    const { content } = version(
      profile({ jobTitle: ' Reporter ', links: [{ ...links[0], note: 'private' }], phone: '+44 …' }),
    );
    expect(content.profile).toEqual({ jobTitle: 'Reporter', links });
    expect(stripped(content).profile).toEqual({});
  });

  test('is accepted without the parts that cannot be shown, each with a warning', () => {
    const links = [
      { label: 'Mail', href: 'mailto:ada@example.com' },
      { label: 'Script', href: 'javascript:alert(1)' },
      { label: 'Site', href: 'https://ada.example.com/' },
    ];
    const accepted = profile({ jobTitle: 7, links }, { path: '/people/ada', live: {} });
    expect(warned(accepted)).toEqual([
      'profile.jobTitle',
      'profile.links.0.href',
      'profile.links.1.href',
      'path',
      'live',
    ]);
    const { content } = version(accepted);
    expect(content.profile).toEqual({ links: [{ label: 'Site', href: 'https://ada.example.com/' }] });
    expect(content).not.toHaveProperty('path');
    expect(content).not.toHaveProperty('live');
  });
});
