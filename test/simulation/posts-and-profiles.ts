import type { Chance } from './chance.ts';
import { postNames, liveName, profileName, authorNames, type Said, type Command, second, minute } from './plan.ts';

/** The kinds of events about posts and profiles. */
const kindsOfParts: readonly [Said['kind'], ...Said['kind'][]] = [
  'published',
  'published',
  'updated',
  'updated',
  'unpublished',
  'deleted',
  'held',
  'unheld',
  'erased',
];

/** Adds the profile of an author to some histories. All other histories stay as they are. */
export function withProfile(commands: readonly Command[], chance: Chance): readonly Command[] {
  if (!chance.happens(0.2)) return commands;
  const last = Math.max(minute, ...commands.map(({ at }) => at));
  const [name] = authorNames;
  const profile: Command[] = [
    { ...postOf('b', chance.between(0, minute), 'published', chance), section: 'news', by: name },
  ];
  let at = chance.between(0, Math.min(last, minute));
  for (let more = chance.between(2, 6); more > 0; more -= 1) {
    at += chance.between(0, chance.one([40, 2 * second, 30 * second, Math.ceil(last / 4)]));
    profile.push({
      ...postOf(profileName, at, chance.one(kindsOfParts), chance),
      profileOf: chance.happens(0.8) ? name : chance.one(authorNames),
      ...(chance.happens(0.15) && { embargo: at + chance.between(second, 5 * minute) }),
      ...(chance.happens(0.1) && { expires: at + chance.between(second, 40 * minute) }),
    });
  }
  return [...commands, ...profile].sort((a, b) => a.at - b.at);
}

/** Makes one story a live story in some histories, and adds posts of it. They leave all other histories as they are. */
export function withPosts(commands: readonly Command[], chance: Chance): readonly Command[] {
  if (!chance.happens(0.25)) return commands;
  const asLive = new Map<Said, Said>();
  const live = (said: Said): Said => {
    const isShown = said.article === liveName && (said.kind === 'published' || said.kind === 'updated');
    // A version that says nothing of it makes the story an ordinary article again.
    const made = asLive.get(said) ?? (isShown && chance.happens(0.9) ? { ...said, live: true as const } : said);
    asLive.set(said, made);
    return made;
  };
  const others = commands.map((command) =>
    command.does === 'send' ? live(command) : command.does === 'again' ? { ...command, of: live(command.of) } : command,
  );
  const last = Math.max(minute, ...commands.map(({ at }) => at));
  const posts: Command[] = [];
  let at = chance.between(0, Math.min(last, minute));
  if (chance.happens(0.7))
    posts.push({ ...postOf(liveName, at, 'published', chance), live: true, section: 'news', text: 'one' });
  for (let more = chance.between(2, 9); more > 0; more -= 1) {
    at += chance.between(0, chance.one([40, 2 * second, 30 * second, Math.ceil(last / 4)]));
    const name = chance.one(postNames);
    posts.push({
      ...postOf(name, at, chance.one(kindsOfParts), chance),
      post: {
        story: liveName,
        ...(chance.happens(0.3) && { key: true }),
        ...(chance.happens(0.2) && { pinned: true }),
      },
      ...(chance.happens(0.15) && { embargo: at + chance.between(second, 5 * minute) }),
      ...(chance.happens(0.1) && { expires: at + chance.between(second, 40 * minute) }),
    });
  }
  if (chance.happens(0.4))
    posts.push(postOf(liveName, at + chance.between(0, minute), chance.one(['unpublished', 'held']), chance));
  if (chance.happens(0.5)) posts.push({ does: 'rest', at: at + chance.between(0, 2 * minute) });
  return [...others, ...posts].sort((a, b) => a.at - b.at);
}

function postOf(article: string, at: number, kind: Said['kind'], chance: Chance): Said {
  const word = (): string => chance.one(['one', 'two', 'three', 'four']);
  return {
    does: 'send',
    at,
    kind,
    article,
    versionCreated: Math.max(0, at - chance.one([0, 0, 200, 90 * second])),
    text: word(),
    body: word(),
    endpoint: chance.happens(0.6),
  };
}
