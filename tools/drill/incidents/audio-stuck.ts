import { missingVoice } from '../../laptop/polly/espeak.ts';
import type { Incident } from '../drill.ts';

const uri = 'urn:drill:audio-stuck';

export const audioStuck: Incident = {
  title: 'Polly refuses to read',
  missing: missingVoice,
  alarm: 'Narrate-QueueDeadLetters-a-dead-letter-queue-is-not-empty',
  begin: async (room) => {
    room.faults.begin({
      functions: ['pressrun-local-narrate'],
      inCall: { service: 'polly', fault: { kind: 'refused', code: 'ServiceFailureException', status: 500 } },
    });
    await room.publish([uri], {
      language: 'en',
      bodies: [
        { role: 'main', contentType: 'text/html', value: '<p>The first lorries crossed the bridge at five.</p>' },
      ],
    });
  },
  repair: () => [{ page: 'runbook/a-dead-letter-queue-is-not-empty.md', line: 'redrive narrate' }],
  isWhole: async (room) => (await room.head(uri))?.card?.audio !== undefined,
};
