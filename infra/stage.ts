import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { keepsData, stageNameOf } from './stage-name.ts';

/** One instance of Pressrun. Physical names contain the stage's name, so that stages can share an account. */
export interface Stage {
  readonly name: string;
  /**
   * True in production: data outlives the stack, and tables have point-in-time recovery. Other stages delete their data
   * with the stack.
   */
  readonly keepsData: boolean;
  /** Retention of the functions' logs. */
  readonly logDays: RetentionDays;
}

export function stageNamed(given: string, logDays?: RetentionDays): Stage {
  const name = stageNameOf(given);
  return {
    name,
    keepsData: keepsData(name),
    logDays: logDays ?? (keepsData(name) ? RetentionDays.THREE_MONTHS : RetentionDays.ONE_WEEK),
  };
}

/** Returns the physical name of a resource (`pressrun-dev-store`), or of the stage (`pressrun-dev`). */
export function nameIn(stage: Stage, part?: string): string {
  return part === undefined ? `pressrun-${stage.name}` : `pressrun-${stage.name}-${part}`;
}

/**
 * Returns the name of a resource that must be unique in the account and not only in its region, as CloudFront's
 * resources and CloudWatch's dashboards must.
 */
export function accountWideNameIn(stage: Stage, part?: string): string {
  return `${nameIn(stage, part)}-${Aws.REGION}`;
}

/**
 * Returns the removal policy of data. In production, data stays when it is removed from the stack or replaced.
 * Resources that a failed deployment has just created are deleted, because the next deployment could not create them
 * again under the same name.
 */
export function removalOf(stage: Stage): RemovalPolicy {
  return stage.keepsData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
