// Generates what follows from dbus-interfaces/*.xml: service/api/generated, extension/remote/generated and docs/dbus.md; and
// from the rules of detection: docs/faults. With --check it leaves the documentation alone and fails when it is not what would
// be generated.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorCodes } from '../service/util/errors.ts';
import { faultPages } from './faultPages.ts';
import { extensionCode, serviceCode } from './interfaceCode.ts';
import { reference } from './interfaceDocs.ts';
import { readInterfaces } from './interfaceXml.ts';

const root = dirname(import.meta.dirname);
const documentation = join(root, 'docs', 'dbus.md');
const faultFolder = join(root, 'docs', 'faults');

/** @returns the text that docs/dbus.md ought to have */
export async function generate(): Promise<string> {
    const interfaces = readInterfaces(join(root, 'dbus-interfaces'));
    await write(join(root, 'service', 'api', 'generated', 'interfaces.ts'), serviceCode(interfaces));
    await write(join(root, 'extension', 'remote', 'generated', 'interfaces.ts'), extensionCode(interfaces));
    return await pretty(documentation, reference(interfaces, errorCodes));
}

async function write(path: string, text: string): Promise<void> {
    const content = await pretty(path, text);
    // Untouched when nothing changed, so that watchers and incremental compilers stay asleep.
    if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
}

async function pretty(path: string, text: string): Promise<string> {
    return await format(text, { ...(await resolveConfig(path)), filepath: path });
}

/** @returns what is not as it ought to be, by path; null for a file that ought not to be there */
async function outdated(): Promise<Map<string, string | null>> {
    const wanted = new Map([[documentation, await generate()]]);
    for (const [name, text] of faultPages()) {
        const path = join(faultFolder, name);
        wanted.set(path, await pretty(path, text));
    }
    const changes = new Map<string, string | null>();
    for (const [path, text] of wanted) {
        if (!existsSync(path) || readFileSync(path, 'utf8') !== text) changes.set(path, text);
    }
    for (const name of existsSync(faultFolder) ? readdirSync(faultFolder) : []) {
        if (!wanted.has(join(faultFolder, name))) changes.set(join(faultFolder, name), null);
    }
    return changes;
}

if (import.meta.main) {
    const changes = await outdated();
    for (const [path, text] of changes) {
        if (process.argv.includes('--check')) {
            console.error(`${relative(root, path)} is not what it is made from says: run npm run generate`);
            process.exitCode = 1;
        } else if (text === null) {
            rmSync(path);
        } else {
            mkdirSync(dirname(path), { recursive: true });
            writeFileSync(path, text);
        }
    }
}
