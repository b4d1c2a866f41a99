import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { stageNameOf } from './stage-name.ts';

/** One instance of Pressrun. Everything with a name of its own carries the stage's, so that stages share an account. */
export interface Stage {
  readonly name: string;
  /** Production keeps what it holds: no deletion with the stack, point-in-time recovery. Other stages clean up after themselves. */
  readonly keepsData: boolean;
  /** How long its functions' logs are kept. */
  readonly logDays: RetentionDays;
}

export function stageNamed(given: string, logDays?: RetentionDays): Stage {
  const name = stageNameOf(given);
  const keepsData = name === 'prod';
  return { name, keepsData, logDays: logDays ?? (keepsData ? RetentionDays.THREE_MONTHS : RetentionDays.ONE_WEEK) };
}

/** The physical name of a stage's resource: `pressrun-dev-store`; without a part, the stage's own, `pressrun-dev`. */
export function nameIn(stage: Stage, part?: string): string {
  return part === undefined ? `pressrun-${stage.name}` : `pressrun-${stage.name}-${part}`;
}

export function removalOf(stage: Stage): RemovalPolicy {
  return stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
