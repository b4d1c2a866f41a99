/** Returns whether the stage is production, whose data outlives the stack. */
export function keepsData(stageName: string): boolean {
  return stageName === 'prod';
}

/** At most 20 characters, so that the longest function name stays within Lambda's limit of 64. */
const STAGE_NAME = /^[a-z][a-z0-9-]{0,19}$/;

/** Thrown for a setting with a value that is not allowed. The message is complete; a stack trace would not help. */
export class InvalidSetting extends Error {
  override readonly name = 'SettingRefused';
}

/**
 * Returns the name if it is a valid stage name. Throws InvalidSetting otherwise. This module does not import the CDK,
 * because the CLI uses it and the CDK is slow to load.
 */
export function stageNameOf(name: string): string {
  if (!STAGE_NAME.test(name)) {
    throw new InvalidSetting(
      `stage must be 1 to 20 lower-case letters, digits and hyphens, starting with a letter; got ${JSON.stringify(name)}`,
    );
  }
  return name;
}
