import type { Incident } from '../drill.ts';

const uri = 'urn:drill:cdn-refuses-purges';

export const cdnRefusesPurges: Incident = {
  title: 'CloudFront refuses every purge',
  alarm: 'Purge-QueueDeadLetters-a-dead-letter-queue-is-not-empty',
  begin: async (room) => {
    room.faults.begin({
      functions: ['pressrun-local-purge'],
      inCall: { service: 'cloudfront', fault: { kind: 'refused', code: 'ServiceUnavailable', status: 503 } },
    });
    await room.publish([uri]);
  },
  look: () => [
    { page: 'runbook/a-dead-letter-queue-is-not-empty.md', line: 'npm run pressrun -- --stage prod status' },
  ],
  repair: () => [
    {
      page: 'runbook/a-dead-letter-queue-is-not-empty.md',
      line: 'npm run pressrun -- --stage prod redrive QUEUE',
      values: { QUEUE: 'purge' },
    },
  ],
  isWhole: async (room) => {
    const { articleId, seq } = (await room.head(uri)) ?? {};
    const traces = articleId === undefined ? [] : await room.connection.publishTraces.of(articleId);
    return traces.some((trace) => trace.seq === seq && trace.purgedAt !== undefined);
  },
};
