import { RemovalPolicy } from 'aws-cdk-lib';

/** One instance of Pressrun. Everything with a name of its own carries the stage's, so that stages share an account. */
export interface Stage {
  readonly name: string;
  /** Production keeps what it holds: no deletion with the stack, point-in-time recovery. Other stages clean up after themselves. */
  readonly keepsData: boolean;
}

/** Long enough for a branch's name; with the longest function's name it stays within Lambda's 64 characters. */
const STAGE_NAME = /^[a-z][a-z0-9-]{0,19}$/;

export function stageNamed(name: string): Stage {
  if (!STAGE_NAME.test(name)) {
    throw new Error(`stage must be 1 to 20 lower-case letters, digits and hyphens, starting with a letter; got ${JSON.stringify(name)}`);
  }
  return { name, keepsData: name === 'prod' };
}

/** The physical name of a stage's resource: `pressrun-dev-store`; without a part, the stage's own, `pressrun-dev`. */
export function nameIn(stage: Stage, part?: string): string {
  return part === undefined ? `pressrun-${stage.name}` : `pressrun-${stage.name}-${part}`;
}

export function removalOf(stage: Stage): RemovalPolicy {
  return stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
