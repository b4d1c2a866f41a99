import type { Incident } from '../drill.ts';

const uri = 'urn:drill:table-throttles';

export const tableThrottles: Incident = {
  title: 'The articles table throttles store',
  alarm: 'Intake-a-valid-event-could-not-be-stored',
  begin: async (room) => {
    room.faults.begin({
      functions: ['pressrun-local-store'],
      inCall: {
        service: 'dynamodb',
        fault: { kind: 'refused', code: 'ProvisionedThroughputExceededException', status: 400 },
      },
    });
    await room.publish([uri]);
    // The alarm rings at the last delivery; the queue gives the event up when that one's visibility timeout ends.
    await room.until('the event is given up', async () => (await room.messagesIn('store-dlq')) > 0);
  },
  repair: () => [
    { page: 'runbook/a-valid-event-could-not-be-stored.md', line: 'npm run pressrun -- --stage prod redrive' },
  ],
  isWhole: (room) => room.lists('latest', uri),
};
