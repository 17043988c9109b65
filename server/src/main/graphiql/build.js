// Makes one archive of the page and all that it loads: ../resources/dev/stave/server/graphiql.zip, or the file that is named.
// SOURCES.txt in it says of what it was made, so that a test can tell whether it is of what is here.
import {build} from 'esbuild';
import {zipSync} from 'fflate';
import {createHash} from 'node:crypto';
import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {basename, dirname, join} from 'node:path';

const here = dirname(fileURLToPath(import.meta.url));
const archive = process.argv[2] ?? join(here, '../resources/dev/stave/server/graphiql.zip');
const monaco = 'node_modules/monaco-editor/esm/vs/';

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  legalComments: 'none', // licences are in LICENSES.txt, whole
  format: 'esm',
  target: 'es2022',
  outdir: 'out',
  write: false,
  define: {'process.env.NODE_ENV': '"production"'},
  loader: {'.ttf': 'file', '.woff2': 'file'},
  assetNames: '[name]',
  logLevel: 'warning',
};
const page = await build({...common, entryPoints: ['page.jsx'], jsx: 'automatic', splitting: true, chunkNames: '[name]-[hash]'});
const workers = await build({
  ...common,
  format: 'iife',
  entryPoints: {
    'editor.worker': monaco + 'editor/editor.worker.js',
    'json.worker': monaco + 'language/json/json.worker.js',
    'graphql.worker': 'node_modules/monaco-graphql/esm/graphql.worker.js',
  },
});

const files = {};
for (const file of [...page.outputFiles, ...workers.outputFiles]) {
  files[basename(file.path)] = file.contents;
}
files['index.html'] = readFileSync(join(here, 'index.html'));
files['SOURCES.txt'] = new TextEncoder().encode(
  ['build.js', 'index.html', 'package-lock.json', 'page.css', 'page.jsx']
    .map(name => `${createHash('sha256').update(readFileSync(join(here, name))).digest('hex')} ${name}\n`)
    .join(''));
files['LICENSES.txt'] = new TextEncoder().encode(licences());

const sorted = Object.fromEntries(Object.keys(files).sort().map(name => [name, files[name]]));
writeFileSync(archive, zipSync(sorted, {level: 9, mtime: new Date(2000, 0, 1)}));

// Of every package that is installed, since each may be in it.
function licences() {
  const texts = [];
  for (const folder of packages(join(here, 'node_modules'))) {
    const about = JSON.parse(readFileSync(join(folder, 'package.json')));
    const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name));
    if (!/esbuild|fflate/.test(about.name)) {
      texts.push(`${about.name} ${about.version}: ${about.license}\n\n${file ? readFileSync(join(folder, file), 'utf8') : ''}`);
    }
  }
  return texts.sort().join('\n----\n\n');
}

function* packages(folder) {
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('@')) {
      yield* packages(join(folder, name));
    } else if (!name.startsWith('.')) {
      yield join(folder, name);
    }
  }
}
