import { DescribeRuleCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Incident } from '../drill.ts';
import type { Room } from '../room.ts';

const uri = 'urn:drill:bus-rule-broken';
const rule = 'pressrun-local-commands';

let pattern: string | undefined;
let began = 0;

async function put({ connection, stack }: Room, EventPattern: string | undefined): Promise<void> {
  await connection.eventBridge.send(new PutRuleCommand({ EventBusName: stack.busName, Name: rule, EventPattern }));
}

export const busRuleBroken: Incident = {
  title: "Somebody edited the bus's rule by hand, and it matches nothing",
  alarm: 'Watch-the-watcher-is-silent',
  begin: async (room) => {
    const asked = { EventBusName: room.stack.busName, Name: rule };
    pattern = (await room.connection.eventBridge.send(new DescribeRuleCommand(asked))).EventPattern;
    began = Date.now();
    await put(room, JSON.stringify({ source: ['nobody'] }));
    await room.publish([uri]);
  },
  look: () => [
    {
      page: 'runbook/the-watcher-is-silent.md',
      line: 'npm run pressrun -- --stage prod trace URI',
      values: { URI: uri },
      // Nothing was ever received of it.
      code: 2,
    },
  ],
  mend: (room) => put(room, pattern),
  repair: () => [
    {
      page: 'runbook/the-bus-lost-an-event.md',
      line: 'npm run pressrun -- --stage prod replay --from 2026-11-24T18:00:00Z --to 2026-11-24T19:00:00Z',
      values: {
        '2026-11-24T18:00:00Z': new Date(began).toISOString(),
        '2026-11-24T19:00:00Z': new Date(Date.now()).toISOString(),
      },
      flags: ['--yes'],
    },
  ],
  isWhole: (room) => room.lists('latest', uri),
};
