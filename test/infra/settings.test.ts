import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { settingsFrom } from '../../infra/settings.ts';

const settings = (context: Record<string, unknown>): ReturnType<typeof settingsFrom> => settingsFrom((key) => context[key]);

test('a stage needs no context at all', () => {
  const { stage, site, archiveFor, purgeWindow, reconcileEvery, alarmEmail } = settings({});
  expect({ stage, site, alarmEmail }).toEqual({ stage: { name: 'dev', keepsData: false }, site: { theme: JSON.parse(readFileSync('infra/theme.json', 'utf8')) as unknown }, alarmEmail: undefined });
  expect([archiveFor.toDays(), purgeWindow.toSeconds(), reconcileEvery.toHours()]).toEqual([30, 2, 24]);
});

test('prod, and only prod, keeps its data', () => {
  expect(settings({ stage: 'prod' }).stage.keepsData).toBe(true);
  expect(settings({ stage: 'production' }).stage.keepsData).toBe(false);
});

test('numbers come as text from the command line and as numbers from cdk.json', () => {
  expect(settings({ purgeWindowSeconds: '0' }).purgeWindow.toSeconds()).toBe(0);
  expect(settings({ purgeWindowSeconds: 300 }).purgeWindow.toSeconds()).toBe(300);
});

test('links lead to siteUrl, else to the domain, else to the host asked for', () => {
  const domain = { domainName: 'news.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1f' };
  expect(settings({ ...domain, siteUrl: 'https://www.example.com/' }).site.url).toBe('https://www.example.com');
  expect(settings(domain).site.url).toBe('https://news.example.com');
  expect(settings({}).site.url).toBeUndefined();
});

describe('a mistake is named', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{ stage: 'Prod' }, /stage must be 1 to 20 lower-case .* got "Prod"/],
    [{ stage: '1st' }, /stage must be/],
    [{ stage: 'a-branch-with-far-too-long-a-name' }, /stage must be/],
    [{ stage: 7 }, /stage must be text; got 7/],
    [{ purgeWindowSeconds: '301' }, /purgeWindowSeconds must be a whole number from 0 to 300; got "301"/],
    [{ purgeWindowSeconds: '1.5' }, /purgeWindowSeconds/],
    [{ purgeWindowSeconds: '' }, /purgeWindowSeconds/],
    [{ purgeWindowSeconds: '-1' }, /purgeWindowSeconds/],
    [{ archiveDays: 0 }, /archiveDays must be a whole number from 1/],
    [{ reconcileHours: 0 }, /reconcileHours must be a whole number from 1 to 744; got 0/],
    [{ siteUrl: 'www.example.com' }, /siteUrl must be an origin/],
    [{ siteUrl: 'https://www.example.com/news' }, /siteUrl must be an origin/],
    [{ siteUrl: 'ftp://www.example.com' }, /siteUrl must be an origin/],
    [{ alarmEmail: 'the desk' }, /alarmEmail must be an e-mail address/],
    [{ theme: 'no-such-file.json' }, /theme must be a file of JSON; no-such-file\.json: .*ENOENT/],
    [{ theme: 'README.md' }, /theme must be a file of JSON; README\.md: /],
    [{ theme: 'tsconfig.json' }, /theme tsconfig\.json:\n[^]*  name is missing\n[^]*  extends is not a field of a theme/],
    [{ domainName: 'news.example.com' }, /domainName and certificateArn go together/],
  ])('%j', (context, message) => {
    expect(() => settings(context)).toThrow(message);
  });
});
