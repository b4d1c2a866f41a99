import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Incident } from '../drill.ts';

const uri = 'urn:drill:scheduler-silent';
/** reconcile calls a scheduled settle late after six minutes. */
const sevenMinutes = 7 * 60_000;

export const schedulerSilent: Incident = {
  title: 'An embargo ends, and Scheduler calls nobody',
  alarm: 'Reconcile-the-feeds-drifted',
  begin: async (room) => {
    const { sqs } = room.connection;
    const embargo = Date.now() + 1500;
    await room.publish([uri], { embargoedUntil: new Date(embargo).toISOString() });
    const QueueUrl = await room.queueUrl('release');
    await room.until('its call is scheduled', async () => {
      const AttributeNames = ['ApproximateNumberOfMessagesDelayed'] as const;
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return Number(Attributes?.['ApproximateNumberOfMessagesDelayed']) > 0;
    });
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await room.until('the embargo has passed', () => Date.now() > embargo);
    // Its schedule comes every five minutes.
    room.faults.begin({ functions: ['pressrun-local-reconcile'], clockAhead: sevenMinutes });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: await room.queueUrl('reconcile'),
        MessageBody: JSON.stringify({ start: 'due' }),
      }),
    );
  },
  repair: () => [
    { page: 'runbook/a-scheduled-call-was-dropped.md', line: 'due' },
    { page: 'runbook/the-feeds-drifted.md', line: 'npm run pressrun -- --stage prod verify' },
  ],
  isWhole: (room) => room.lists('latest', uri),
};
