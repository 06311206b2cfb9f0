// Makes packaging/nix/manifest.json and the reference pages: docs/remedies.md, and docs/dbus.md and docs/faults/*.md, which are not in git.
import { globSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCodes } from '../service/util/errors.ts';
import { generate, writePretty } from './generate.ts';
import { reference } from './interfaceDocs.ts';
import { readInterfaces } from './interfaceXml.ts';

const root = dirname(import.meta.dirname);
const faultFolder = join(root, 'docs', 'faults');

await generate();
// It imports what has just been generated.
const { faultPages } = await import('./faultPages.ts');
const { nixManifest } = await import('./nixManifest.ts');
const { remedyTable } = await import('./remedyTable.ts');
await writePretty(join(root, 'packaging', 'nix', 'manifest.json'), JSON.stringify(nixManifest()));
await writePretty(join(root, 'docs', 'remedies.md'), remedyTable());
const pages = faultPages();
for (const [name, text] of pages) await writePretty(join(faultFolder, name), text);
for (const name of globSync('*.md', { cwd: faultFolder })) if (!pages.has(name)) rmSync(join(faultFolder, name));
const interfaces = readInterfaces(join(root, 'dbus-interfaces'));
await writePretty(join(root, 'docs', 'dbus.md'), reference(interfaces, errorCodes));
