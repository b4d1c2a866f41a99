import type { Article, Association } from '../../article/article.ts';
import type { Warning } from '../../article/warning.ts';
import {
  bodiesOf,
  classOf,
  contentOf,
  embargoOf,
  headlineOf,
  mediaOf,
  newsmlName,
  relatedOf,
  statusOf,
  uriIn,
} from '../newsml-item.ts';
import { nitfCommands } from '../nitf-story.ts';
import {
  noSettings,
  nothing,
  warned,
  type Command,
  type ReadResult,
  type Source,
  type SourceSettings,
} from '../source.ts';
import { below, elementsOf, textAt, xmlIn, type XmlElement } from '../xml.ts';

/** Agencies that deliver NewsML-G2 (news items, package items, news messages) or NITF. */
export const newsml: Source = {
  name: newsmlName,
  authentication: { kind: 'hmac', prefix: 'x-pressrun' },
  hidesScheduled: false,
  defaults: noSettings,
  format: 'xml',

  sample: (id, instant) => {
    const item = (status: string): string =>
      `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="${id}"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>${instant}</versionCreated><pubStatus qcode="stat:${status}"/></itemMeta><contentMeta><headline>Test of the NewsML webhook</headline></contentMeta></newsItem>`;
    return [{ body: item('usable') }, { body: item('canceled') }];
  },

  read: (payload, settings): ReadResult => {
    const root = typeof payload === 'string' ? xmlIn(payload) : undefined;
    if (!root)
      return {
        issues: [
          { path: '', message: 'must be an XML document, nested at most 100 deep and without entities of its own' },
        ],
      };
    if (root.name === 'nitf') return nitfCommands(root, settings);
    const items = root.name === 'newsMessage' ? elementsOf(root, 'itemSet').flatMap((set) => elementsOf(set)) : [root];
    if (root.name !== 'newsMessage' && !/Item$/.test(root.name))
      return { issues: [{ path: root.name, message: 'must be newsMessage, newsItem, packageItem or nitf' }] };
    const message = new Message(items, settings);
    const readings = items.map((item) => message.read(item));
    const commands = readings.flatMap((one) => ('commands' in one ? one.commands : []));
    const issues = readings.flatMap((one) => ('issues' in one ? one.issues : []));
    if (commands.length === 0) return issues.length > 0 ? { issues } : nothing;
    return { commands, ...(issues.length > 0 && { unread: issues }) };
  },
};

/** The items that came in one document. */
class Message {
  readonly #settings: SourceSettings;
  /** The items that a package of this document contains, by the guid of each of its texts. */
  readonly #beside = new Map<string, readonly XmlElement[]>();
  readonly #guids: ReadonlySet<string>;

  constructor(items: readonly XmlElement[], settings: SourceSettings) {
    this.#settings = settings;
    const byGuid = new Map(items.map((item) => [item.attributes['guid'] ?? '', item]));
    this.#guids = new Set(byGuid.keys());
    for (const pack of items.filter(({ name }) => name === 'packageItem')) {
      const held = [...below(pack, 'itemRef')].flatMap(
        ({ attributes }) => byGuid.get(attributes['residref'] ?? '') ?? [],
      );
      for (const item of held)
        if (classOf(item) === 'text')
          this.#beside.set(
            item.attributes['guid'] ?? '',
            held.filter((other) => other !== item && classOf(other) !== 'text'),
          );
    }
  }

  read(item: XmlElement): ReadResult {
    const { guid, version } = item.attributes;
    // Concepts, catalogues and plans are for other systems.
    if (item.name !== 'newsItem' && item.name !== 'packageItem') return nothing;
    const type = classOf(item);
    const status = statusOf(item);
    if (guid === undefined) return { issues: [{ path: `${item.name}.guid`, message: 'is missing' }] };
    if (status === undefined)
      return { issues: [{ path: `${item.name}.itemMeta.pubStatus`, message: 'must be usable, withheld or canceled' }] };
    const revision = /^\d{1,9}$/.test(version ?? '') ? Number(version) : 0;
    const said = {
      uri: uriIn(guid, this.#settings),
      type,
      versionCreated: textAt(item, 'itemMeta', 'versionCreated') ?? '',
      pubStatus: status,
    };
    const command = (eventType: Command['type'], article: object, warnings: readonly Warning[] = []): ReadResult => ({
      // `accept` validates the item like every other event and names every fault.
      commands: [
        {
          type: eventType,
          detail: { article: article as Article, ...(revision > 0 && { revision }), ...warned(warnings) },
        },
      ],
    });
    if (status !== 'usable') return command('article.unpublished', said);
    const embargo = embargoOf(item);
    if ('issues' in embargo) return embargo;
    if (type !== 'text' && type !== 'composite') return nothing;
    // A package whose texts came with it is told by them; one of links alone needs a headline.
    const links = item.name === 'packageItem' ? this.#linksOf(item) : [];
    if (item.name === 'packageItem' && (links.length === 0 || headlineOf(item) === undefined)) return nothing;
    const { bodies, warnings } = bodiesOf(item);
    const associations = [
      ...(this.#beside.get(guid) ?? []).flatMap((other) => mediaOf(other, this.#settings)),
      ...links,
      ...relatedOf(item, this.#settings),
    ];
    return command(
      'article.published',
      {
        ...said,
        ...embargo,
        ...contentOf(item, this.#settings),
        ...bodies,
        ...(associations.length > 0 && { associations }),
      },
      warnings,
    );
  }

  /** Links to the texts of a package that did not come with it. */
  #linksOf(pack: XmlElement): Association[] {
    const refs = [...below(pack, 'itemRef')].flatMap(({ attributes }) => attributes['residref'] ?? []);
    return refs.some((guid) => this.#guids.has(guid))
      ? []
      : refs.map((guid) => ({ type: 'text', name: 'related', uri: uriIn(guid, this.#settings) }));
  }
}
