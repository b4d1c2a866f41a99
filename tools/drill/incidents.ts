import type { Incident } from './drill.ts';
import { audioStuck } from './incidents/audio-stuck.ts';
import { busRuleBroken } from './incidents/bus-rule-broken.ts';
import { cdnRefusesPurges } from './incidents/cdn-refuses-purges.ts';
import { changeCannotBeListed } from './incidents/change-cannot-be-listed.ts';
import { clockAhead } from './incidents/clock-ahead.ts';
import { deliverFails } from './incidents/deliver-fails.ts';
import { schedulerSilent } from './incidents/scheduler-silent.ts';
import { sourceFloods } from './incidents/source-floods.ts';
import { tableThrottles } from './incidents/table-throttles.ts';
import { webhookSecretWrong } from './incidents/webhook-secret-wrong.ts';

/** Every incident, by the name that `npm run drill` takes. */
export const incidents: Readonly<Record<string, Incident>> = {
  'cdn-refuses-purges': cdnRefusesPurges,
  'table-throttles': tableThrottles,
  'bus-rule-broken': busRuleBroken,
  'webhook-secret-wrong': webhookSecretWrong,
  'source-floods': sourceFloods,
  'change-cannot-be-listed': changeCannotBeListed,
  'scheduler-silent': schedulerSilent,
  'deliver-fails': deliverFails,
  'audio-stuck': audioStuck,
  'clock-ahead': clockAhead,
};
