import { describe, expect, test } from '@jest/globals';
import { pickup, type PickupPorts } from '../../functions/pickup/pickup.ts';
import { ownersOf, sources } from '../../shared/cms/sources.ts';
import { bodyText } from '../../shared/cms/source.ts';
import { MemoryAnnouncer, MemoryRejectionQueue } from '../fakes/memory-messages.ts';
import { MemoryBus, MemoryPayloadStore } from '../fakes/memory-webhooks.ts';
import { noon, story } from './story.ts';

const at = new Date(noon).toISOString();
const item = (guid: string, status = 'usable', headline = 'Harbour bridge opens'): string =>
  `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="${guid}"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>${at}</versionCreated><pubStatus qcode="stat:${status}"/></itemMeta><contentMeta><headline>${headline}</headline></contentMeta></newsItem>`;
const message = (...items: readonly string[]): string =>
  `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>${at}</sent></header><itemSet>${items.join('')}</itemSet></newsMessage>`;
const nitf = `<nitf><head><docdata management-status="usable"><doc-id id-string="n1"/><date.issue norm="20260501T120000Z"/></docdata></head><body><body.head><hedline><hl1>Harbour bridge opens</hl1></hedline></body.head><body.content><p>It is open.</p></body.content></body></nitf>`;

/** The event that S3 sends to EventBridge, as its documentation shows it. */
const objectCreated = (key: string, size: number, version?: string): string =>
  JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-05-01T12:00:00Z',
    region: 'ca-central-1',
    resources: ['arn:aws:s3:::amzn-s3-demo-bucket1'],
    detail: {
      version: '0',
      bucket: { name: 'amzn-s3-demo-bucket1' },
      object: {
        key,
        size,
        etag: 'b1946ac92492d2347c6235b4d2611184',
        ...(version !== undefined && { 'version-id': version }),
        sequencer: '617f08299329d189',
      },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '123456789012',
      'source-ip-address': '1.2.3.4',
      reason: 'PutObject',
    },
  });

/** A bucket into which files are dropped, and what `pickup` makes of them. */
class Drop {
  readonly files = new Map<string, Uint8Array>();
  readonly asked: string[] = [];
  readonly bus = new MemoryBus();
  readonly announcer = new MemoryAnnouncer();
  readonly rejections = new MemoryRejectionQueue();

  async pickup(key: string, { size, version }: { size?: number; version?: string } = {}, others = {}) {
    return this.deliver(objectCreated(key, size ?? this.files.get(key)?.byteLength ?? 1, version), others);
  }

  async deliver(body: string, others = {}) {
    const { bus, announcer, rejections, files } = this;
    const ports: PickupPorts = {
      bus,
      announcer,
      rejections,
      payloads: new MemoryPayloadStore(),
      files: {
        read: (asked, { version: id }) => {
          this.asked.push(id === undefined ? asked : `${asked} ${id}`);
          return Promise.resolve(files.get(asked));
        },
      },
      settings: {},
      owners: ownersOf({}, {}),
      ...others,
    };
    return (await pickup(ports, body)).result;
  }

  async drop(key: string, content: string | Uint8Array, more = {}) {
    const bytes = Buffer.from(content);
    this.files.set(key, bytes);
    return this.pickup(key, { size: bytes.byteLength, ...more });
  }

  get uris(): string[] {
    return this.bus.events.map(({ detail }) => (detail['article'] as { uri: string }).uri);
  }
}

describe('a file', () => {
  test('is read as its source’s webhook would be, at the time of S3’s event', async () => {
    const drop = new Drop();
    expect(await drop.drop('drop/newsml/2026/05/story.xml', item('g1'))).toBe('taken');
    expect(drop.bus.events).toMatchObject([
      {
        source: 'cms.newsml',
        type: 'article.published',
        detail: {
          article: { uri: 'newsml:main/g1' },
          receivedAt: Date.parse('2026-05-01T12:00:00Z'),
          correlationId: '17793124-05d4-b198-2fde-7ededc63b103',
        },
      },
    ]);
  });

  test('may be NITF, a message of several items, a withdrawal, or the JSON of another source', async () => {
    const drop = new Drop();
    await drop.drop('drop/newsml/nitf.XML', nitf);
    await drop.drop('drop/newsml/message.xml', message(item('g1'), item('g2')));
    await drop.drop('drop/newsml/kill.xml', item('g1', 'canceled'));
    await drop.drop('drop/ninjs/item.json', JSON.stringify(story({ uri: 'urn:agency:1' })));
    expect(drop.uris).toEqual(['newsml:main/n1', 'newsml:main/g1', 'newsml:main/g2', 'newsml:main/g1', 'urn:agency:1']);
    expect(drop.announcer.announced).toEqual([]);
  });

  test.each(sources.map((source) => [source.name, source] as const))(
    'of %s is taken like its test webhook',
    async (name, source) => {
      const [published] = source.sample('17', at);
      const key = `drop/${name}/test.${source.format ?? 'json'}`;
      const drop = new Drop();
      expect(await drop.drop(key, bodyText(source, published.body))).toBe('taken');
      expect(drop.uris).toHaveLength(1);
    },
  );

  test.each(['a b.xml', 'København+1.xml', 'a%20b.xml', '日本.xml', 'a?#&.xml', 'line\nbreak.xml'])(
    'named %j is asked for by the key as it stands',
    async (name) => {
      const drop = new Drop();
      expect(await drop.drop(`drop/newsml/${name}`, item('g1'))).toBe('taken');
      expect(drop.asked).toEqual([`drop/newsml/${name}`]);
    },
  );

  test('of a bucket with versions is read in the version of its event', async () => {
    const drop = new Drop();
    await drop.drop('drop/newsml/story.xml', item('g1'), { version: 'v1' });
    expect(drop.asked).toEqual(['drop/newsml/story.xml v1']);
  });

  test('that S3 names twice makes the same events', async () => {
    const drop = new Drop();
    await drop.drop('drop/newsml/story.xml', item('g1'));
    await drop.drop('drop/newsml/story.xml', item('g1'));
    const [first, second] = drop.bus.events;
    expect(second).toEqual(first);
  });

  test.each([
    'drop/',
    'drop/newsml/',
    'drop/newsml/folder.xml/',
    'drop/newsml/photo.jpg',
    'drop/newsml/story.xml.tmp',
    'drop/newsml/story.xml.part',
    'drop/newsml/story.xml.filepart',
    'drop/newsml/.story.xml',
    'drop/newsml/README',
  ])('%s is ignored without a look at it', async (key) => {
    const drop = new Drop();
    expect(await drop.drop(key, 'anything')).toBe('ignored');
    expect([drop.asked, drop.announcer.announced, drop.rejections.kept]).toEqual([[], [], []]);
  });

  test('that was removed or renamed before it was read is no failure', async () => {
    const drop = new Drop();
    expect(await drop.pickup('drop/newsml/story.xml')).toBe('removed');
    expect([drop.announcer.announced, drop.rejections.kept]).toEqual([[], []]);
  });

  test('is tried again if the bus or S3 fails', async () => {
    const drop = new Drop();
    const failing = async (): Promise<never> => Promise.reject(new Error('throttled'));
    drop.files.set('drop/newsml/story.xml', Buffer.from(item('g1')));
    await expect(drop.pickup('drop/newsml/story.xml', {}, { bus: { put: failing } })).rejects.toThrow('throttled');
    await expect(drop.pickup('drop/newsml/story.xml', {}, { files: { read: failing } })).rejects.toThrow('throttled');
    expect([drop.announcer.announced, drop.rejections.kept]).toEqual([[], []]);
  });
});

describe('an invalid file', () => {
  test.each<[string, string, string, string, string]>([
    ['no XML', 'drop/newsml/a.xml', 'Dear newsroom', 'cms.newsml', 'must be an XML document'],
    ['no JSON', 'drop/ninjs/a.json', '{', 'cms.ninjs', 'must be JSON'],
    ['white space', 'drop/newsml/a.xml', '  ', 'cms.newsml', 'must be an XML document'],
    ['empty', 'drop/newsml/a.xml', '', 'cms.newsml', 'must not be empty'],
    ['of no source', 'drop/reuters/a.xml', item('g1'), 'aws.s3', 'must be in the folder of a source: drop/ and one of'],
    ['in no folder', 'drop/a.xml', item('g1'), 'aws.s3', 'must be in the folder of a source: drop/ and one of'],
  ])('(%s) is announced with its name, and its event is kept', async (_, key, content, source, reason) => {
    const drop = new Drop();
    expect(await drop.drop(key, content)).toBe('rejected');
    expect(drop.announcer.announced).toMatchObject([
      {
        type: 'article.rejected',
        detail: {
          eventId: '17793124-05d4-b198-2fde-7ededc63b103',
          source,
          file: key,
          errors: [{ path: '', message: expect.stringContaining(reason) as unknown }],
        },
      },
    ]);
    expect(drop.rejections.kept).toEqual([objectCreated(key, Buffer.byteLength(content))]);
    expect(drop.bus.events).toEqual([]);
  });

  test('names the field at fault, and the other items of its message are accepted', async () => {
    const drop = new Drop();
    expect(await drop.drop('drop/newsml/a.xml', message(item('g1'), item('g2', 'embargoed-by-mood')))).toBe('rejected');
    expect(drop.uris).toEqual(['newsml:main/g1']);
    expect(drop.announcer.announced).toMatchObject([
      { detail: { errors: [{ path: expect.stringContaining('pubStatus') as unknown }] } },
    ]);
  });

  test('that is too large is not read', async () => {
    const drop = new Drop();
    expect(await drop.pickup('drop/newsml/a.xml', { size: 6 * 1024 * 1024 + 1 })).toBe('rejected');
    expect(drop.asked).toEqual([]);
    expect(drop.announcer.announced).toMatchObject([
      { detail: { errors: [{ message: 'must be smaller: a file may have 6 MB' }] } },
    ]);
  });

  test('of which the source is not allowed to write its uri is rejected as its webhook would be', async () => {
    const drop = new Drop();
    const owners = ownersOf({}, {}, { isProduction: true });
    drop.files.set('drop/ninjs/a.json', Buffer.from(JSON.stringify(story({ uri: 'urn:other:1' }))));
    expect(await drop.pickup('drop/ninjs/a.json', {}, { owners })).toBe('rejected');
    expect(drop.announcer.announced).toMatchObject([{ detail: { errors: [{ path: 'article.uri' }] } }]);
  });
});

test('a message that is no event of S3 fails, and ends in the dead-letter queue', async () => {
  await expect(new Drop().deliver('{"source":"newsroom"}')).rejects.toThrow('Invalid key');
});
