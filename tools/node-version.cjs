// Loaded before the programs, which an old Node cannot read since they are TypeScript. So this is plain JavaScript.
const { engines } = require('../package.json');

/** Returns why this version of Node cannot run Pressrun; undefined if it can. */
function tooOld(version) {
  const [, wanted] = />=(\S+)/.exec(engines.node);
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `Pressrun needs Node ${wanted} or later, and this is Node ${version}: install a later one from https://nodejs.org/`;
}

const fault = tooOld(process.versions.node);
if (fault !== undefined) {
  process.stderr.write(`error: ${fault}\n`);
  process.exit(2);
}

module.exports = { tooOld };
