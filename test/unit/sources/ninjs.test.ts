import { describe, expect, test } from '@jest/globals';
import type { Article } from '../../../shared/article/article.ts';
import { WebhookEndpoint } from '../webhook-endpoint.ts';
import { read, only, newsroom, live } from './newsroom.ts';

describe('ninjs', () => {
  const item = {
    uri: 'urn:agency:1',
    versionCreated: '2026-03-02T10:00:00+01:00',
    type: 'text',
    headlines: [{ role: 'main', value: 'From the wire' }],
    contactInfo: [{ type: 'email', value: 'desk@agency.example.com' }],
  };

  test('reads an item unchanged, without e-mail addresses', () => {
    const { detail } = only(read('ninjs', item));
    expect(detail.article).toMatchObject({ uri: 'urn:agency:1', headlines: [{ value: 'From the wire' }] });
    expect(JSON.stringify(detail)).not.toContain('@');
  });

  test('withdraws canceled items', async () => {
    const webhooks = [item, { ...item, pubStatus: 'canceled', versionCreated: '2026-03-02T11:00:00+01:00' }].map(
      (body) => ({
        source: 'ninjs',
        body,
      }),
    );
    expect(live(await newsroom(webhooks))).toEqual({});
  });

  test('withdraws canceled items even if their time cannot be read', async () => {
    const webhooks = [item, { ...item, pubStatus: 'canceled', versionCreated: 'now' }].map((body) => ({
      source: 'ninjs',
      body,
    }));
    expect(live(await newsroom(webhooks))).toEqual({});
  });

  test('reads ninjs 1.x as Superdesk writes it', () => {
    const older = {
      guid: 'urn:superdesk:7',
      versioncreated: '2026-03-02T10:00:00+0000',
      pubstatus: 'usable',
      type: 'text',
      headline: 'From the desk',
      byline: 'Mia Stone',
      description_text: 'A line below.',
      body_html: '<p>Text.</p>',
      subject: [{ code: '1', name: 'Rowing' }],
      associations: {
        featuremedia: {
          type: 'picture',
          byline: 'Agency',
          description_text: 'At dawn',
          renditions: { original: { href: 'https://pictures.example.com/1.jpg', mimetype: 'image/jpeg' } },
        },
      },
    };
    expect(only(read('ninjs', older)).detail.article as Article & Record<string, unknown>).toMatchObject({
      uri: 'urn:superdesk:7',
      versionCreated: '2026-03-02T10:00:00+0000',
      headlines: [{ value: 'From the desk' }],
      bodies: [{ contentType: 'text/html', value: '<p>Text.</p>' }],
      subjects: [{ name: 'Rowing' }],
      associations: [
        {
          name: 'featuremedia',
          by: 'Agency',
          descriptions: [{ value: 'At dawn' }],
          renditions: [{ name: 'original', href: 'https://pictures.example.com/1.jpg' }],
        },
      ],
    });
  });

  test('rejects stories of another CMS', async () => {
    expect((await new WebhookEndpoint().post('ninjs', { ...item, uri: 'ghost:main/1' })).issues).toMatchObject([
      { path: 'article.uri' },
    ]);
  });
});
