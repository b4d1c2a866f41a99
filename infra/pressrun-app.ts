import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { PressrunStack } from './pressrun-stack.ts';
import { deployedRegion, rejectRegion } from './regions.ts';
import { settingsFrom } from './settings.ts';

export interface PressrunAppProps {
  /** Context values, as the CLI's `-c` gives them. */
  readonly context?: Readonly<Record<string, string | number>>;
  /** Directory of the assembly; the CDK CLI sets it. */
  readonly outdir?: string;
}

/** An app with one stage of Pressrun. */
export class PressrunApp extends App {
  readonly stack: PressrunStack;

  constructor({ context, outdir }: PressrunAppProps = {}) {
    super({
      // The recommended flags of the pinned CDK version, so that the app has its current behaviour.
      context: { ...CURRENTLY_RECOMMENDED_FLAGS, ...context },
      // Keeps the template free of CDK's metadata resource.
      analyticsReporting: false,
      ...(outdir === undefined ? {} : { outdir }),
    });
    rejectRegion(deployedRegion());
    const settings = settingsFrom(this.node.getAllContext() as Readonly<Record<string, unknown>>);
    this.stack = new PressrunStack(this, `pressrun-${settings.stage.name}`, settings);
  }
}
