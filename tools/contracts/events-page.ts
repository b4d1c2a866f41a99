import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Writes the AsyncAPI document as one page, events.html, that needs no server: into the given folder, else into dist.
// The renderer is downloaded by its checksum and is no dependency, because it would bring React and a DOM to every clone.
const renderer = {
  name: '@asyncapi/react-component@3.2.1',
  integrity: 'sha512-k5ZqJd6+oxYaQ2o6F3rGWJ1MTIjXdpsUYB3NKQbVqr4yzrN0Ovj5c7eZx8NGd3wfKPhbOrLREtYl9K2OPfnSsA==',
};
const root = fileURLToPath(new URL('../..', import.meta.url));
const [directory = 'dist'] = process.argv.slice(2);
const page = join(root, directory, 'events.html');

const folder = mkdtempSync(join(tmpdir(), 'pressrun-events-page-'));
try {
  const packed = execFileSync('npm', ['pack', '--json', renderer.name], { cwd: folder, encoding: 'utf8' });
  const [{ filename, integrity }] = JSON.parse(packed) as [{ filename: string; integrity: string }];
  if (integrity !== renderer.integrity)
    throw new Error(`${renderer.name} has the checksum ${integrity}, not ${renderer.integrity}`);
  execFileSync('tar', ['xzf', filename], { cwd: folder });
  const read = (path: string): string => readFileSync(join(folder, 'package', path), 'utf8');
  mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(page, pageOf(read('styles/default.min.css'), read('browser/standalone/index.js')));
} finally {
  rmSync(folder, { recursive: true });
}
console.log(page);

function pageOf(style: string, script: string): string {
  const schema = readFileSync(join(root, 'shared/contracts/asyncapi.json'), 'utf8');
  const call = `AsyncApiStandalone.render({ schema: ${schema}, config: { show: { sidebar: true, errors: true } } }, document.getElementById('events'))`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pressrun: events</title>
<!-- Rendered by ${renderer.name} (Apache-2.0). -->
<style>body { margin: 0 } ${style}</style>
</head>
<body>
<div id="events"></div>
<script>${inlined(script)}</script>
<script>${inlined(call)}</script>
</body>
</html>
`;
}

/** Within a script element, only its end tag and the beginning of a comment have a meaning. */
function inlined(script: string): string {
  return script.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`);
}
