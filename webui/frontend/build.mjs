// Bundles src/ into ../static/dist. Called by build.py, which has installed the packages first.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '..', 'static', 'dist');
const fresh = `${target}.new`;

// Every file directly in src/ is an entry point; what they share lies in folders below it.
const entryPoints = readdirSync(join(here, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isFile() && ['.js', '.css'].includes(extname(entry.name)))
  .map((entry) => join(here, 'src', entry.name));

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });

await build({
  absWorkingDir: here,
  entryPoints,
  outdir: fresh,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
  charset: 'utf8',
  alias: { 'style-mod': join(here, 'src', 'studio', 'style-mod.js') },
  legalComments: 'linked',
  entryNames: '[name]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file', '.woff': 'file', '.svg': 'dataurl', '.eot': 'empty', '.ttf': 'empty' },
  logLevel: 'warning'
});

// The pages ask the manifest for a file's address: its query changes when its content does, so it can be kept for ever.
const manifest = {};
for (const name of readdirSync(fresh).sort()) {
  const content = readFileSync(join(fresh, name));
  manifest[basename(name)] = {
    version: createHash('sha256').update(content).digest('hex').slice(0, 12),
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
    bytes: content.length,
    gzipped: gzipSync(content, { level: 9 }).length
  };
}
writeFileSync(join(fresh, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');

// Swapped in whole, so that a running server never sees half of a build.
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);

for (const [name, { bytes, gzipped }] of Object.entries(manifest)) {
  if (/\.(js|css)$/.test(name)) {
    console.log(`  ${name.padEnd(16)} ${(bytes / 1000).toFixed(1).padStart(7)} kB, ${(gzipped / 1000).toFixed(1)} kB gzipped`);
  }
}
