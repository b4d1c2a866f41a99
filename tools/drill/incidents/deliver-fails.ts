import type { Incident } from '../drill.ts';

const uri = 'urn:drill:deliver-fails';

export const deliverFails: Incident = {
  title: 'deliver dies at every request',
  alarm: 'Edge-Deliver-Function-a-function-fails',
  begin: async (room) => {
    await room.publish([uri]);
    await room.until('a reader sees it', () => room.lists('latest', uri));
    room.faults.begin({ functions: ['pressrun-local-deliver'], killAfter: 0 });
    // An address that the edge does not have.
    const { status } = await room.get(`/feeds/latest.json?limit=${3 + (Date.now() % 90)}`);
    if (status < 500) throw new Error(`a reader got ${status} while deliver was down`);
  },
  repair: () => [{ page: 'runbook/a-function-fails.md', line: 'verify' }],
  isWhole: async (room) => {
    const path = (await room.head(uri))?.path;
    return path !== undefined && (await room.get(path)).status === 200;
  },
};
