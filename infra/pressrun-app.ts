import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { PressrunStack } from './pressrun-stack.ts';
import { settingsFrom } from './settings.ts';

export interface PressrunAppProps {
  /** What the CLI would give with `-c`. */
  readonly context?: Readonly<Record<string, string | number>>;
  /** Where the assembly goes; the CLI says so by itself. */
  readonly outdir?: string;
}

/** One stage of Pressrun. */
export class PressrunApp extends App {
  readonly stack: PressrunStack;

  constructor({ context, outdir }: PressrunAppProps = {}) {
    super({
      // CDK's behaviour as of the pinned version, rather than that of its first day.
      context: { ...CURRENTLY_RECOMMENDED_FLAGS, ...context },
      // The template holds what runs, and nothing for statistics.
      analyticsReporting: false,
      ...(outdir === undefined ? {} : { outdir }),
    });
    const settings = settingsFrom(this.node.getAllContext() as Readonly<Record<string, unknown>>);
    this.stack = new PressrunStack(this, `pressrun-${settings.stage.name}`, settings);
  }
}
