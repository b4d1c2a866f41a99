import type { Incident } from '../drill.ts';

const flood = Array.from({ length: 15 }, (_, n) => `urn:drill:flood:${n}`);
const other = 'urn:drill:behind-the-flood';

export const sourceFloods: Incident = {
  title: 'One CMS sends its whole archive, and the table is slow',
  alarm: 'Intake-Queue-a-queue-falls-behind',
  begin: async (room) => {
    room.faults.begin({
      functions: ['pressrun-local-store'],
      inCall: { service: 'dynamodb', fault: { kind: 'late', milliseconds: 300 } },
    });
    await room.publish(flood, { subjects: [{ rel: 'section', literal: 'flood' }] }, 'cms.flood');
    await room.publish([other]);
  },
  look: () => [{ page: 'runbook/a-queue-falls-behind.md', line: 'npm run pressrun -- --stage prod status' }],
  repair: () => [{ page: 'runbook/a-queue-falls-behind.md', line: 'npm run pressrun -- --stage prod status' }],
  isWhole: async (room) => {
    if (!(await room.lists('latest', other))) return false;
    const live = await Promise.all(flood.map((uri) => room.isLive(uri)));
    return live.every((isLive) => isLive);
  },
};
