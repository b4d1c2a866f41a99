import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { check } from './commands/check.ts';
import { completion } from './commands/completion.ts';
import { dashboard } from './commands/dashboard.ts';
import { diff } from './commands/diff.ts';
import { due } from './commands/due.ts';
import { exportCommand } from './commands/export.ts';
import { history } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { jobs } from './commands/jobs.ts';
import { pictures } from './commands/pictures.ts';
import { preview } from './commands/preview.ts';
import { publish } from './commands/publish.ts';
import { pullPicture, restorePicture } from './commands/pull-picture.ts';
import { rebuild, reconcile, verify } from './commands/reconcile.ts';
import { redeliver } from './commands/redeliver.ts';
import { redrive } from './commands/redrive.ts';
import { rejected } from './commands/rejected.ts';
import { release } from './commands/release.ts';
import { replay } from './commands/replay.ts';
import { restore } from './commands/restore.ts';
import { rollback } from './commands/rollback.ts';
import { show } from './commands/show.ts';
import { smoke } from './commands/smoke.ts';
import { status } from './commands/status.ts';
import { subscribeTest } from './commands/subscribe-test.ts';
import { switchTable } from './commands/switch-table.ts';
import { testWebhook } from './commands/test-webhook.ts';
import { trace } from './commands/trace.ts';
import { warnings } from './commands/warnings.ts';
import { erase, hold, unhold, withdraw } from './commands/withdraw-hold-erase.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly ((cli: Cli) => Command)[] = [
  publish,
  history,
  show,
  diff,
  preview,
  withdraw,
  hold,
  unhold,
  erase,
  pictures,
  pullPicture,
  restorePicture,
  rollback,
  status,
  dashboard,
  trace,
  warnings,
  rejected,
  redrive,
  redeliver,
  due,
  release,
  exportCommand,
  restore,
  switchTable,
  verify,
  reconcile,
  rebuild,
  replay,
  importCommand,
  jobs,
  smoke,
  testWebhook,
  subscribeTest,
  check,
  completion,
];
