import { jobModes, type JobMode } from '../../shared/job.ts';
import { Chance } from './chance.ts';
import {
  articleNames,
  frontNames,
  paths,
  uriOf,
  type Said,
  type SaidPicture,
  type SaidOfFront,
  type Command,
  faultKinds,
  type Plan,
  second,
  minute,
  hour,
} from './plan.ts';
import { weakSpots } from './ports.ts';
import { withPosts, withProfile } from './posts-and-profiles.ts';

type Stance = Omit<Said, 'does' | 'at' | 'kind' | 'versionCreated' | 'endpoint'>;

/** The plan of a seed: the same for ever. */
export function planOf(seed: number): Plan {
  const chance = new Chance(`plan ${seed}`);
  const author = new Author(chance, new Chance(`items ${seed}`));
  const scenes = chance.between(2, 9);
  for (let scene = 0; scene < scenes; scene += 1) author.scene();
  return {
    seed,
    salt: 0,
    commands: withProfile(withPosts(author.commands, new Chance(`posts ${seed}`)), new Chance(`persons ${seed}`)),
    // From a generator of its own, so that the other faults of a seed do not change.
    faults: chance.happens(0.1)
      ? []
      : faultKinds.filter((kind) => (kind === 'lost event' ? new Chance(`losses ${seed}`) : chance).happens(0.5)),
    faultProbability: chance.one([0.01, 0.03, 0.08, 0.2]),
    weakSpot: chance.one(weakSpots),
    maxFaults: chance.one([1, 3, 8, 25]),
  };
}

/** Makes histories of the kind that newsrooms make. */
class Author {
  readonly commands: Command[] = [];
  readonly #chance: Chance;
  /** A generator of its own, so that the rest of a seed's history does not change. */
  readonly #items: Chance;
  readonly #drafts: Chance;
  readonly #stances = new Map<string, Stance>();
  #at = 0;
  #pictures = 0;

  constructor(chance: Chance, items: Chance) {
    this.#chance = chance;
    this.#items = items;
    this.#drafts = items.of('drafts');
  }

  scene(): void {
    const chance = this.#chance;
    const article = chance.one(articleNames);
    this.#pass();
    // An empty pipeline has little to break, so new stories come first.
    switch (this.commands.length === 0 && chance.happens(0.3) ? 19 : chance.between(0, 25)) {
      case 0:
      case 1:
      case 2: {
        this.#say(article, 'published', this.#anything(article));
        return;
      }
      case 3: {
        this.#say(article, 'updated', { ...this.#stance(article), body: this.#word() });
        return;
      }
      case 4: {
        // The same again, said by a CMS that has a new time for it.
        this.#say(article, 'updated', this.#stance(article));
        return;
      }
      case 5: {
        // There and back within one second of the CMS's clock.
        const was = this.#stance(article);
        const versionCreated = Math.floor(this.#at / second) * second;
        this.#say(article, 'updated', was, { versionCreated });
        this.#say(article, 'updated', this.#anything(article), { versionCreated });
        this.#say(article, 'updated', was, { versionCreated });
        return;
      }
      case 6: {
        const { versionCreated } = this.#sayOne(article, 'unpublished', this.#stance(article));
        if (chance.happens(0.5)) this.#pass();
        this.#say(article, 'published', this.#stance(article), chance.happens(0.5) ? { versionCreated } : {});
        return;
      }
      case 7:
        this.#say(article, chance.one(['unpublished', 'deleted']), this.#stance(article));
        if (chance.happens(0.5)) this.#rest();
        return;
      case 8: {
        const embargo = this.#at + this.#ahead();
        const of = this.#sayOne(article, 'published', { ...this.#anything(article), embargo });
        for (let agains = chance.one([0, 0, 1, 3]); agains > 0; agains -= 1)
          this.commands.push({ does: 'again', at: (this.#at += chance.between(0, 900)), of });
        if (chance.happens(0.6)) {
          this.#pass();
          const moved = chance.one([
            undefined,
            embargo + this.#ahead(),
            embargo + minute + this.#ahead(),
            embargo - 20 * second,
          ]);
          this.#say(article, 'updated', { ...this.#anything(article), ...(moved !== undefined && { embargo: moved }) });
        }
        if (chance.happens(0.5)) this.#at = Math.max(this.#at, embargo + 10 * second);
        if (chance.happens(0.5)) this.#rest();
        return;
      }
      case 9: {
        this.#say(article, 'updated', { ...this.#stance(article), expires: this.#at + this.#ahead() });
        return;
      }
      case 10: {
        this.#say(article, 'held', this.#stance(article));
        this.#pass();
        if (chance.happens(0.7)) this.#say(article, 'unheld', this.#stance(article));
        return;
      }
      case 11:
        if (chance.happens(0.5)) return;
        this.#say(article, 'erased', this.#stance(article));
        this.#pass();
        if (chance.happens(0.4)) this.#say(article, 'unheld', this.#stance(article));
        return;
      case 12: {
        const { path, ...rest } = this.#stance(article);
        const [x, y] = paths;
        const other = chance.one([undefined, x, y]);
        this.#say(article, 'updated', { ...rest, ...(other !== undefined && { path: other }) });
        return;
      }
      case 13: {
        // A takeover, and perhaps back again.
        const path = chance.one(paths);
        const other = articleNames.find((name) => name !== article) ?? 'b';
        this.#say(article, 'published', { ...this.#stance(article), path });
        this.#pass();
        this.#say(article, 'unpublished', this.#stance(article));
        if (chance.happens(0.6)) this.#rest();
        if (chance.happens(0.5)) this.#pass();
        this.#say(other, 'published', { ...this.#stance(other), path });
        if (chance.happens(0.5)) {
          if (chance.happens(0.5)) this.#say(other, 'unpublished', this.#stance(other));
          this.#pass();
          this.#say(article, 'updated', { ...this.#stance(article), path });
        }
        return;
      }
      case 14: {
        // A move, and back: the ends look as if nothing had happened.
        const was = this.#stance(article);
        this.#say(article, 'updated', { ...was, section: chance.one(['sport', 'news/world']), topic: 'Bridges' });
        this.#at += chance.one([0, chance.between(0, 1000), chance.between(12 * second, 30 * second)]);
        this.#say(article, 'updated', was);
        return;
      }
      case 15:
      case 16:
      case 21: {
        this.#front();
        return;
      }
      case 17: {
        const said = this.commands.filter((command) => command.does === 'send');
        const of = said[chance.between(0, Math.max(0, said.length - 1))];
        if (of) this.commands.push({ does: 'again', at: this.#at, of });
        return;
      }
      case 18:
        if (chance.happens(0.3)) this.commands.push({ does: 'nonsense', at: this.#at, article });
        {
          this.#rest();
          return;
        }
      case 19:
      case 20: {
        // Many hands at one story.
        if (chance.happens(0.4)) {
          this.#say(article, 'published', this.#stance(article));
          this.#at += chance.between(0, 500);
          this.#say(article, chance.one(['held', 'updated', 'unpublished']), {
            ...this.#stance(article),
            pubStatus: 'withheld',
          });
          return;
        }
        const kinds = ['published', 'updated', 'published', 'updated', 'unpublished', 'held', 'unheld'] as const;
        for (let hands = chance.between(2, 4); hands > 0; hands -= 1) {
          this.#say(
            article,
            chance.one([...kinds]),
            chance.happens(0.5) ? this.#anything(article) : this.#stance(article),
          );
          this.#at += chance.between(0, 40);
        }
        if (chance.happens(0.3)) this.#rest();
        return;
      }
      case 22: {
        this.#reconcile(chance.one(jobModes));
        return;
      }
      default:
        this.#late();
    }
  }

  /** Operators' actions, some time later. */
  #late(): void {
    const chance = this.#chance;
    const days = chance.happens(0.3) ? chance.between(1, 9) * 24 * hour : chance.between(0, 3 * hour);
    this.#at += days;
    const since = chance.happens(0.5) ? 0 : chance.between(0, this.#at);
    if (chance.happens(0.6)) this.#restore();
    else
      this.commands.push(
        chance.one<Command>([
          { does: 'replay', at: this.#at, since },
          { does: 'redrive', at: this.#at },
        ]),
      );
  }

  /** A table loses its last hour or more, and reconcile repairs it while the newsroom works on. */
  #restore(): void {
    const chance = this.#chance;
    if (chance.happens(0.6)) {
      const article = chance.one(articleNames);
      this.#say(article, 'published', this.#anything(article));
    }
    this.#rest();
    for (let more = chance.between(1, 3); more > 0; more -= 1) {
      this.#pass();
      const article = chance.one(articleNames);
      this.#say(article, chance.one(['published', 'updated', 'updated', 'unpublished']), this.#anything(article));
    }
    this.#at += chance.between(70 * minute, 3 * hour);
    this.commands.push({ does: 'restore', at: this.#at, table: chance.one(['articles', 'feeds', 'feeds']) });
    if (chance.happens(0.6)) return;
    this.#at += chance.between(0, 10 * minute);
    this.#reconcile(chance.one(['repair', 'repair', 'rebuild']));
    this.#at += chance.between(0, 2 * second);
    const article = chance.one(articleNames);
    this.#say(
      article,
      chance.one(['updated', 'unpublished']),
      chance.happens(0.5) ? this.#anything(article) : this.#stance(article),
    );
  }

  #reconcile(mode: JobMode): void {
    this.commands.push({ does: 'reconcile', at: this.#at, mode });
  }

  #rest(): void {
    this.commands.push({ does: 'rest', at: this.#at });
  }

  #pass(): void {
    const chance = this.#chance;
    const most = chance.one([0, 30, 900, 5 * second, 5 * second, 30 * second, 4 * minute, 40 * minute, 3 * hour]);
    this.#at += most === 0 ? 0 : chance.between(1, most);
  }

  #ahead(): number {
    const most = this.#chance.one([10 * second, minute, 5 * minute, 40 * minute, 4 * hour]);
    return this.#chance.between(second, most);
  }

  #word(): string {
    return this.#chance.one(['one', 'two', 'three', 'four']);
  }

  #stance(article: string): Stance {
    return this.#stances.get(article) ?? { article, text: 'one', body: 'one', section: 'news' };
  }

  #anything(article: string): Stance {
    const chance = this.#chance;
    const [x, y] = paths;
    const path = chance.one([undefined, undefined, x, x, y]);
    const pubStatus = chance.one([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'withheld' as const,
      'canceled' as const,
    ]);
    return {
      article,
      text: this.#word(),
      body: this.#word(),
      section: chance.one(['news', 'news/world', 'sport']),
      ...(chance.happens(0.3) && { topic: 'Bridges' }),
      ...(chance.happens(0.3) && { by: 'Ada Marlow' }),
      ...(path !== undefined && { path }),
      ...(chance.happens(0.1) && { urgency: chance.between(1, 3) }),
      ...(chance.happens(0.15) && { embargo: this.#at + chance.one([-minute, this.#ahead()]) }),
      ...(chance.happens(0.1) && { expires: this.#at + chance.one([-minute, this.#ahead()]) }),
      ...(chance.happens(0.1) && { firstPublished: this.#at - 90 * minute }),
      ...(pubStatus && { pubStatus }),
      ...this.#item(),
    };
  }

  #item(): Pick<Stance, 'ninjs' | 'pictures' | 'firstCreated'> {
    const ninjs = this.#items.one([undefined, 1 as const, 2 as const]);
    const pictures = this.#items.happens(0.4) ? this.#somePictures(0) : undefined;
    const firstCreated = this.#drafts.happens(0.2) ? this.#at - 30 * hour : undefined;
    return {
      ...(ninjs && { ninjs }),
      ...(pictures && { pictures }),
      ...(firstCreated !== undefined && { firstCreated }),
    };
  }

  #somePictures(depth: number): SaidPicture[] {
    const items = this.#items;
    const soon = (): number =>
      this.#at + items.one([-minute, items.between(second, items.one([10 * second, 5 * minute, 4 * hour]))]);
    return Array.from({ length: items.between(1, 2) }, () => {
      this.#pictures += 1;
      const pubStatus = items.one([
        undefined,
        undefined,
        undefined,
        'usable' as const,
        'withheld' as const,
        'canceled' as const,
      ]);
      return {
        number: this.#pictures,
        ...(items.happens(0.5) && { embargo: soon() }),
        ...(items.happens(0.2) && { expires: soon() }),
        ...(pubStatus && { pubStatus }),
        ...(depth < 2 && items.happens(0.25) && { pictures: this.#somePictures(depth + 1) }),
      };
    });
  }

  #say(article: string, kind: Said['kind'], stance: Stance, given: Partial<Pick<Said, 'versionCreated'>> = {}): void {
    this.#sayOne(article, kind, stance, given);
  }

  #sayOne(
    article: string,
    kind: Said['kind'],
    stance: Stance,
    given: Partial<Pick<Said, 'versionCreated'>> = {},
  ): Said {
    const chance = this.#chance;
    // CMSes lag, some know only whole seconds, and some are a little ahead.
    const created = this.#at - chance.one([0, 0, 0, 200, 1500, 90 * second, -2 * second]);
    const versionCreated =
      given.versionCreated ?? Math.max(0, chance.happens(0.5) ? Math.floor(created / second) * second : created);
    const said: Said = {
      ...stance,
      does: 'send',
      at: this.#at,
      kind,
      versionCreated,
      endpoint: chance.happens(0.6),
      ...(chance.happens(0.2) && { revision: chance.between(1, 3) }),
    };
    if (kind === 'published' || kind === 'updated') {
      // Editors return to the story, not to its former embargo.
      const { embargo, pubStatus, ...lasting } = stance;
      this.#stances.set(article, lasting);
    }
    this.commands.push(said);
    return said;
  }

  #front(): void {
    const chance = this.#chance;
    const box = (): SaidOfFront['boxes'][number] => {
      const backfill = chance.one([undefined, undefined, undefined, 'latest', 'section/news', 'topic/bridges']);
      return {
        pins: articleNames.filter(() => chance.happens(0.4)).map(uriOf),
        ...(backfill !== undefined && { backfill }),
        limit: chance.between(1, 3),
      };
    };
    this.commands.push({
      does: 'front',
      at: this.#at,
      kind: chance.happens(0.85) ? 'published' : 'unpublished',
      name: chance.one(frontNames),
      versionCreated: this.#at,
      boxes: chance.happens(0.5) ? [box()] : [box(), box()],
    });
  }
}
