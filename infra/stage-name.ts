/** Long enough for a branch's name; with the longest function's name it stays within Lambda's 64 characters. */
const STAGE_NAME = /^[a-z][a-z0-9-]{0,19}$/;

/** What somebody gave for a setting can't be one. Its words say all; a stack would only bury them. */
export class SettingRefused extends Error {
  override readonly name = 'SettingRefused';
}

/** The name, if a stage can have it. Free of CDK, since the desk's commands check it too and must not wait for that to load. */
export function stageNameOf(name: string): string {
  if (!STAGE_NAME.test(name)) {
    throw new SettingRefused(
      `stage must be 1 to 20 lower-case letters, digits and hyphens, starting with a letter; got ${JSON.stringify(name)}`,
    );
  }
  return name;
}
