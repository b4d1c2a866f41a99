import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A retry that finds its entry written already asks for no purge.',
  file: 'functions/project/project.ts',
  search: `  await writeFeeds(ports.feeds, head, images);
`,
  replace: `  const page = await ports.feeds.page('latest', 100, undefined); if (page.entries.some(({ place, seq }) => place === head?.place && seq === head.seq)) return ports.announcer.announce(changes.flatMap((change) => announcementsOf(change)));
  await writeFeeds(ports.feeds, head, images);
`,
};
