// Generates what other sources follow from: of dbus-interfaces/*.xml service/api/generated and extension/remote/generated, and
// of the rules for faults (service/faults/*/rules.yaml) the folders generated/ of service/{faults,detection,incidents}. docs.ts makes
// the documentation.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { RuleFileError } from '../service/faults/ruleFile.ts';
import { ruleModules } from './faultRules.ts';
import { extensionCode, serviceCode } from './interfaceCode.ts';
import { readInterfaces } from './interfaceXml.ts';

const root = dirname(import.meta.dirname);

/** @throws RuleFileError */
export async function generate(): Promise<void> {
    const interfaces = readInterfaces(join(root, 'dbus-interfaces'));
    await writePretty(join(root, 'service', 'api', 'generated', 'interfaces.ts'), serviceCode(interfaces));
    await writePretty(join(root, 'extension', 'remote', 'generated', 'interfaces.ts'), extensionCode(interfaces));
    const service = join(root, 'service');
    const modules = ruleModules(root);
    for (const [name, code] of modules) write(join(service, name), code);
    for (const name of globSync('{faults,detection,incidents}/generated/*.ts', { cwd: service }))
        if (!modules.has(name)) rmSync(join(service, name));
    // It imports what has just been generated.
    const { learn } = await import('./learn.ts');
    await learn();
}

export async function writePretty(path: string, text: string): Promise<void> {
    write(path, await pretty(path, text));
}

/** @param path the file that the text is for */
export async function pretty(path: string, text: string): Promise<string> {
    return await format(text, { ...(await resolveConfig(path)), filepath: path });
}

function write(path: string, content: string): void {
    // Untouched when nothing changed, so that watchers and incremental compilers stay asleep.
    if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
}

if (import.meta.main) {
    try {
        await generate();
    } catch (error) {
        if (!(error instanceof RuleFileError)) throw error;
        console.error(error.message);
        process.exitCode = 1;
    }
}
