// Generates what follows from dbus-interfaces/*.xml: service/bus/generated, extension/remote/generated and docs/dbus.md.
// With --check it leaves docs/dbus.md alone and fails when that is not what would be generated.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorCodes } from '../service/errors.ts';
import { extensionCode, serviceCode } from './interfaceCode.ts';
import { reference } from './interfaceDocs.ts';
import { readInterfaces } from './interfaceXml.ts';

const root = dirname(import.meta.dirname);
const documentation = join(root, 'docs', 'dbus.md');

/** @returns the text that docs/dbus.md ought to have */
export async function generate(): Promise<string> {
    const interfaces = readInterfaces(join(root, 'dbus-interfaces'));
    await write(join(root, 'service', 'bus', 'generated', 'interfaces.ts'), serviceCode(interfaces));
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

if (import.meta.main) {
    const text = await generate();
    const isCurrent = existsSync(documentation) && readFileSync(documentation, 'utf8') === text;
    if (process.argv.includes('--check')) {
        if (!isCurrent) {
            console.error('docs/dbus.md is not what dbus-interfaces/*.xml says: run npm run generate');
            process.exitCode = 1;
        }
    } else if (!isCurrent) {
        writeFileSync(documentation, text);
    }
}
