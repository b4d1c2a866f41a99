import type { Incident } from '../drill.ts';
import type { Room } from '../room.ts';

const uri = 'urn:drill:clock-ahead';
const secondHeadline = 'The second headline';
const all = ['ingest', 'store', 'project', 'purge', 'deliver', 'watch', 'release', 'reconcile'];

const testWebhook = (room: Room): readonly string[] => ['test-webhook', 'ghost', '--url', room.stack.ingestUrl];

export const clockAhead: Incident = {
  title: "The region's clock is ten minutes ahead",
  alarm: {
    noticed: 'webhooks are answered 401, because their signatures seem to be old',
    isNoticed: async (room) => (await room.pressrun(testWebhook(room))).output.includes('401'),
  },
  begin: async (room) => {
    room.faults.begin({ functions: all.map((name) => `pressrun-local-${name}`), clockAhead: 10 * 60_000 });
    await room.publish([uri]);
    await room.until('a reader sees it', () => room.lists('latest', uri));
  },
  mend: async (room) => {
    // Versions that arrive after the clock was corrected take effect, although the head was settled at a later time.
    await room.publish([uri], { headlines: [{ value: secondHeadline }] });
  },
  repair: ({ stack }) => [
    {
      page: 'operations.md',
      line: 'npm run pressrun -- --stage prod test-webhook SOURCE',
      values: { SOURCE: 'ghost' },
      flags: ['--url', stack.ingestUrl],
    },
  ],
  isWhole: async (room) => {
    const head = await room.head(uri);
    // A page that is asked for while its story changes may be cached with the text before, for a minute.
    if (head?.path === undefined || head.card?.headline !== secondHeadline) return false;
    return (await (await room.get(head.path)).text()).includes(secondHeadline);
  },
};
