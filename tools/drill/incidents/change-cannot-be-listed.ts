import type { Incident } from '../drill.ts';

const poisoned = 'urn:drill:poisoned';

export const changeCannotBeListed: Incident = {
  title: 'project fails on a change, again and again',
  alarm: 'Project-RetryQueueDeadLetters-a-dead-letter-queue-is-not-empty',
  begin: async (room) => {
    room.faults.begin({
      functions: ['pressrun-local-project'],
      inCall: { service: 'dynamodb', fault: { kind: 'refused', code: 'ValidationException', status: 400 } },
    });
    await room.publish([poisoned]);
  },
  look: () => [
    { page: 'runbook/a-dead-letter-queue-is-not-empty.md', line: 'npm run pressrun -- --stage prod status' },
  ],
  repair: () => [{ page: 'runbook/a-dead-letter-queue-is-not-empty.md', line: 'redrive project-retry' }],
  isWhole: (room) => room.lists('latest', poisoned),
};
