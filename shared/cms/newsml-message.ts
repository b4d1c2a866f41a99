import type { Article, Association } from '../article/article.ts';
import { unescapeHtml } from '../article/html.ts';
import type { Warning } from '../article/warning.ts';
import { fileOf } from '../picture/picture.ts';
import { bodiesOf, classOf, contentOf, headlineOf, mediaOf, relatedOf, uriIn } from './newsml-item.ts';
import { termsOf, together, type TermsResult } from './newsml-terms.ts';
import { nothing, warned, type Command, type ReadResult } from './command.ts';
import { revisionOf, timeOfWithdrawal } from './revision.ts';
import type { SourceSettings } from './source-settings.ts';
import { endOf, instantOf, isUnrestricted, severityOf } from './terms.ts';
import { below, elementsOf, textAt, textIn, type XmlElement } from './xml.ts';

/**
 * The maximum number of pictures that the texts of one message may have together: each text of a package has all its
 * pictures.
 */
const maxPlacements = 10_000;
const unrestricted: TermsResult = { pubStatus: 'usable' };

/** The items of one document. Each text is read by itself, together with the other items that it depends on. */
export class Message {
  readonly #settings: SourceSettings;
  readonly #receivedAt: number;
  readonly #byGuid = new Map<string, XmlElement[]>();
  /** The guids of the items in each package, and of the packages around each item. */
  readonly #itemsOfPackage = new Map<string, ReadonlySet<string>>();
  readonly #packagesOf = new Map<string, Set<string>>();
  /** The terms that an item gets from the packages around it and from its other versions. */
  readonly #imposed = new Map<string, TermsResult>();
  readonly #media = new Map<string, readonly Association[]>();
  readonly #mediaByPackage = new Map<string, ReadonlySet<string>>();
  /** The media that may not be shown at all times, by each of their files. */
  readonly #restricted = new Map<string, Set<string>>();
  #placements = 0;

  constructor(items: readonly XmlElement[], settings: SourceSettings, receivedAt: number) {
    this.#settings = settings;
    this.#receivedAt = receivedAt;
    for (const item of items) {
      const guid = guidOf(item);
      const same = this.#byGuid.get(guid);
      if (same) same.push(item);
      else this.#byGuid.set(guid, [item]);
    }
    for (const [guid, versions] of this.#byGuid) {
      const refs = new Set(versions.filter(({ name }) => name === 'packageItem').flatMap(referencesOf));
      if (refs.size > 0) this.#itemsOfPackage.set(guid, refs);
      for (const inner of refs) {
        const packs = this.#packagesOf.get(inner);
        if (packs) packs.add(guid);
        else this.#packagesOf.set(inner, new Set([guid]));
      }
    }
    this.#imposeTerms();
    for (const [guid, versions] of this.#byGuid) {
      const media = versions.filter(isMedia);
      if (media.length === 0) continue;
      const terms = this.#termsOfAll(guid, media);
      const associations = media.map((item) => mediaOf(item, terms, settings));
      this.#media.set(guid, associations);
      if ('issues' in terms || !isUnrestricted(terms)) this.#restrict(guid, associations);
    }
  }

  read(item: XmlElement): ReadResult {
    const { guid, version } = item.attributes;
    // Concepts, catalogues and plans are for other systems.
    if (item.name !== 'newsItem' && item.name !== 'packageItem') return nothing;
    const type = classOf(item);
    if (guid === undefined) return { issues: [{ path: `${item.name}.guid`, message: 'is missing' }] };
    const terms = together(termsOf(item, this.#receivedAt), this.#imposed.get(guid) ?? unrestricted);
    if ('issues' in terms) return terms;
    const isWithdrawal = terms.pubStatus !== 'usable';
    // The standard's default is 1.
    const revision = revisionOf(version, isWithdrawal) || 1;
    const created = textAt(item, 'itemMeta', 'versionCreated') ?? '';
    const versionCreated = isWithdrawal ? timeOfWithdrawal(created, this.#receivedAt) : created;
    const known = { uri: uriIn(guid, this.#settings), type, versionCreated, ...terms };
    const command = (eventType: Command['type'], article: object, warnings: readonly Warning[] = []): ReadResult => ({
      // `accept` validates the item like every other event and names every fault.
      commands: [{ type: eventType, detail: { article: article as Article, revision, ...warned(warnings) } }],
    });
    if (isWithdrawal) return command('article.unpublished', known);
    if (type !== 'text' && type !== 'composite') return nothing;
    // A package needs no item of its own if its texts came with it. A package of links does, if it has a headline.
    const links = item.name === 'packageItem' ? this.#linksOf(item) : [];
    if (item.name === 'packageItem' && (links.length === 0 || headlineOf(item) === undefined)) return nothing;
    const { bodies, warnings } = bodiesOf(item);
    const media = this.#mediaOf(item);
    if (media === undefined)
      return {
        issues: [
          {
            path: item.name,
            message: `must come in a smaller message: its texts have more than ${maxPlacements} pictures together`,
          },
        ],
      };
    const associations = [...media, ...links, ...relatedOf(item, this.#settings)];
    return command(
      'article.published',
      {
        ...known,
        ...contentOf(item, this.#settings),
        ...bodies,
        ...(associations.length > 0 && { associations }),
      },
      warnings,
    );
  }

  /**
   * Applies the terms of each package to every item in it, at any depth: in this message each of its texts is shown as
   * part of it. The embargo of a version applies to all versions of its item (NewsML-G2, `embargoed`). The packages are
   * followed once for each kind of term, the strictest first, so that each reference is followed once.
   */
  #imposeTerms(): void {
    const packs = [...this.#itemsOfPackage.keys()].map((guid) => {
      const items = this.#byGuid.get(guid) ?? [];
      return { guid, terms: this.#termsOfAll(guid, items) };
    });
    const kinds: readonly ((terms: TermsResult) => number)[] = [
      (terms) => ('issues' in terms ? 0 : severityOf(terms)),
      (terms) => ('issues' in terms ? 1 : 0),
      (terms) => ('embargoedUntil' in terms ? instantOf(terms.embargoedUntil) : 0),
      (terms) => ('expires' in terms ? -endOf(terms.expires) : -Infinity),
    ];
    for (const strictness of kinds) {
      const followed = new Set<string>();
      for (const { guid, terms } of packs.toSorted((a, b) => strictness(b.terms) - strictness(a.terms))) {
        const waiting = [guid];
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          if (followed.has(next)) continue;
          followed.add(next);
          if (next !== guid) this.#impose(next, terms);
          for (const inner of this.#itemsOfPackage.get(next) ?? []) waiting.push(inner);
        }
      }
    }
    for (const [guid, items] of this.#byGuid) {
      if (items.length === 1 || isMedia(items[0])) continue;
      for (const item of items) {
        const terms = termsOf(item, this.#receivedAt);
        this.#impose(guid, 'issues' in terms ? terms : { ...terms, pubStatus: 'usable' });
      }
    }
  }

  #impose(guid: string, terms: TermsResult): void {
    this.#imposed.set(guid, together(this.#imposed.get(guid) ?? unrestricted, terms));
  }

  #termsOfAll(guid: string, items: readonly XmlElement[]): TermsResult {
    return items.reduce(
      (terms, item) => together(terms, termsOf(item, this.#receivedAt)),
      this.#imposed.get(guid) ?? unrestricted,
    );
  }

  #restrict(guid: string, associations: readonly Association[]): void {
    for (const { renditions = [] } of associations)
      for (const { href = '' } of renditions) {
        const guids = this.#restricted.get(fileOf(href));
        if (guids) guids.add(guid);
        else this.#restricted.set(fileOf(href), new Set([guid]));
      }
  }

  /**
   * Returns the media of a text: those of its packages, and those of this message that its text refers to and that may
   * not be shown at all times. Undefined if the texts of the message have too many.
   */
  #mediaOf(item: XmlElement): Association[] | undefined {
    const packs = classOf(item) === 'text' ? [...(this.#packagesOf.get(guidOf(item)) ?? [])] : [];
    const files = this.#restricted.size > 0 ? filesIn(item) : new Set<string>();
    const lists = [
      ...packs.map((pack) => this.#mediaOfPackage(pack)),
      ...[...files].flatMap((file) => this.#restricted.get(file) ?? []),
    ];
    const placements = lists.reduce((sum, list) => sum + list.size, 0);
    this.#placements += placements;
    if (placements > 0 && this.#placements > maxPlacements) return undefined;
    const guids = new Set(lists.flatMap((list) => [...list]));
    return [...guids].flatMap((guid) => this.#media.get(guid) ?? []);
  }

  #mediaOfPackage(pack: string): ReadonlySet<string> {
    let media = this.#mediaByPackage.get(pack);
    if (!media) {
      media = new Set([...(this.#itemsOfPackage.get(pack) ?? [])].filter((guid) => this.#media.has(guid)));
      this.#mediaByPackage.set(pack, media);
    }
    return media;
  }

  /** Returns links to the texts of a package that did not come with it. */
  #linksOf(pack: XmlElement): Association[] {
    const refs = referencesOf(pack);
    return refs.some((guid) => this.#byGuid.has(guid))
      ? []
      : refs.map((guid) => ({ type: 'text', name: 'related', uri: uriIn(guid, this.#settings) }));
  }
}

function guidOf(item: XmlElement): string {
  return item.attributes['guid'] ?? '';
}

function isMedia(item: XmlElement | undefined): boolean {
  return item?.name === 'newsItem' && !['text', 'composite'].includes(classOf(item));
}

function referencesOf(pack: XmlElement): string[] {
  return [...below(pack, 'itemRef')].flatMap(({ attributes }) => attributes['residref'] ?? []);
}

/** Returns the files that the text of an item names, as {@link fileOf} writes them. */
function filesIn(item: XmlElement): Set<string> {
  const addresses = elementsOf(item, 'contentSet')
    .flatMap((set) => [textIn(set), ...attributesIn(set)])
    .flatMap((text) => text.match(/(?:https?:)?\/\/[^\s"'<>]+/gi) ?? []);
  return new Set(
    addresses.map((address) => fileOf(unescapeHtml(address.replace(/^(?=\/\/)/, 'https:').replace(/[,.;)]$/, '')))),
  );
}

function* attributesIn(element: XmlElement): Generator<string> {
  yield* Object.values(element.attributes);
  for (const child of elementsOf(element)) yield* attributesIn(child);
}
