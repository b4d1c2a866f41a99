/** Reads the variables that a function was wired with; one that is missing names itself at the first start. */
export function environment<Env>(required: readonly (keyof Env & string)[], variables: NodeJS.ProcessEnv): Env {
  const missing = required.filter((name) => variables[name] === undefined || variables[name] === '');
  if (missing.length > 0) throw new Error(`the environment lacks ${missing.join(', ')}`);
  return variables as Env;
}
