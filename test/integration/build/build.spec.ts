import {
    chmodSync,
    cpSync,
    existsSync,
    globSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

import { buildAll } from '../../../build/build.ts';
import { buildExtension, describeMessages } from '../../../build/extension.ts';
import { run } from '../../support/program.ts';

const uuid = 'reeve@reevedesktop.org';

describe('The build', () => {
    let built: string;
    let scratch: string;

    beforeAll(async () => {
        built = await buildAll();
    }, 60_000);
    beforeEach(() => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-build-'));
    });
    afterEach(() => {
        rmSync(scratch, { recursive: true });
    });

    it('has programs that run on their own Node, whatever is on the PATH and in the environment', async () => {
        writeFileSync(join(scratch, 'node'), '#!/bin/sh\necho wrong node; exit 99\n');
        chmodSync(join(scratch, 'node'), 0o755);
        symlinkSync(join(built, 'bin', 'reeve'), join(scratch, 'reeve'));
        const env = { PATH: `${scratch}:/usr/bin:/bin`, NODE_OPTIONS: '--no-such-flag', HOME: scratch };

        const { code, output, errors } = await run(['reeve', '--version'], { env, cwd: '/' });

        expect(errors).toBe('');
        expect(output).toMatch(/^reeve \d+\.\d+\.\d+\n$/);
        expect(code).toBe(0);
    });

    it('runs from wherever it was moved to, without the repository', async () => {
        cpSync(built, join(scratch, 'a b'), { recursive: true });

        const { output } = await run([join(scratch, 'a b', 'bin', 'reeve'), 'help', 'fix'], { cwd: '/' });

        expect(output).toContain('reeve-fix');
    });

    it('leaves nothing to be looked up in node_modules', () => {
        for (const file of globSync(join(built, 'lib', '*.mjs'))) {
            const foreign = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^'"\n]* from "([^"]+)";$/gm)]
                .map(([, name]) => name ?? '')
                .filter(name => !name.startsWith('./') && !isBuiltin(name));
            expect(foreign).withContext(file).toEqual([]);
        }
    });

    it('starts the service with little code', () => {
        const size = startUpFiles(join(built, 'lib')).reduce((sum, file) => sum + statSync(file).size, 0);

        expect(size).toBeGreaterThan(1_000_000);
        // Each byte of it is held as two. Before you raise this: can what is new be loaded on first use?
        expect(size).toBeLessThan(1_410_000);
    });

    it('starts the service without the parts of Node that would stay in its memory', async () => {
        const hook = join(scratch, 'hook.cjs');
        writeFileSync(hook, "process.on('exit', () => console.log(JSON.stringify(process.moduleLoadList)));");
        const environment = {
            HOME: scratch,
            PATH: process.env.PATH,
            DBUS_SESSION_BUS_ADDRESS: `unix:path=${scratch}/no`,
        };
        const reeved = [join(built, 'lib', 'node'), '--require', hook, join(built, 'lib', 'reeved.mjs')];

        // Where there is no bus, it ends once all its modules have run.
        const { output, errors } = await run(reeved, { env: environment });

        expect(errors).toContain('Cannot connect to the bus');
        const loaded = JSON.parse(output) as string[];
        expect(loaded).toContain('NativeModule sqlite');
        for (const module of ['assert', 'http', 'https', 'tls', 'worker_threads'])
            expect(loaded).not.toContain(`NativeModule ${module}`);
    });

    it('has the service, a catalogue for each language, the unit and the completions', () => {
        for (const file of [
            'bin/reeved',
            'lib/reeved.mjs',
            'lib/install.mjs',
            'lib/locale/de.json',
            'lib/locale/ar.json',
            'lib/third-party-licences.txt',
            'lib/inference.mjs',
            `lib/node_modules/@node-llama-cpp/linux-${process.arch}/package.json`,
            'share/systemd/user/reeve.service',
            'share/dbus-1/services/org.reevedesktop.Reeve1.service',
            'share/bash-completion/completions/reeve',
            'share/zsh/site-functions/_reeve',
        ])
            expect(existsSync(join(built, file)))
                .withContext(file)
                .toBeTrue();
    });

    it('packs the extension as it lies in the folder, and nothing that a review refuses', () => {
        const zip = unzipSync(readFileSync(join(built, `${uuid}.shell-extension.zip`)));
        const folder = globSync('**/*', { cwd: join(built, 'extension'), withFileTypes: true })
            .filter(entry => entry.isFile())
            .map(entry => join(entry.parentPath, entry.name).slice(join(built, 'extension').length + 1));

        expect(Object.keys(zip).sort()).toEqual(folder.sort());
        for (const file of ['metadata.json', 'extension.js', 'prefs.js', `locale/de/LC_MESSAGES/${uuid}.mo`])
            expect(Object.keys(zip)).toContain(file);
        for (const file of folder) {
            expect(file).not.toMatch(/gschemas\.compiled$|\.(ts|map|po|sh)$/);
            if (file.endsWith('.js')) expect(readFileSync(join(built, 'extension', file), 'utf8')).not.toContain('\0');
        }
    });

    it('makes the same bytes from the same sources, and leaves what is there to those who read it', async () => {
        const identities = () => readdirSync(built).map(name => [name, statSync(join(built, name)).ino]);
        const before = identities();

        await buildAll();

        expect(identities()).toEqual(before);
    });

    describe('of an extension', () => {
        const refusals: Record<string, [file: string, text: string, message: RegExp]> = {
            'GTK in the Shell': [
                'extension.ts',
                "import Gtk from 'gi://Gtk'; print(Gtk);",
                /Gtk cannot be used in the Shell/,
            ],
            'GTK behind another module': ['shared.ts', "import 'gi://Adw?version=1';", /shared\.ts:1.*Adw/],
            'the Shell in preferences': [
                'prefs.ts',
                "import St from 'gi://St'; print(St);",
                /St cannot be used in the pref/,
            ],
            'the Shell’s own modules in preferences': [
                'prefs.ts',
                "import 'resource:///org/gnome/shell/ui/main.js';",
                /cannot be used in the preferences/,
            ],
            'modules of Node': ['extension.ts', "import 'node:fs';", /node:fs is not part of GNOME/],
            packages: ['extension.ts', "import 'lodash';", /lodash is not part of GNOME/],
            'modules that are not there': ['extension.ts', "import './missing.js';", /missing/],
        };
        for (const [what, [file, text, message]] of Object.entries(refusals)) {
            it(`refuses ${what}, and names the place`, async () => {
                for (const folder of ['extension', 'schemas']) mkdirSync(join(scratch, folder));
                writeSources(join(scratch, 'extension'), { [file]: text });

                const problems = await buildExtension(scratch, join(scratch, 'out', 'extension'), []).then(
                    () => [],
                    (error: unknown) => describeMessages((error as { errors: [] }).errors),
                );

                expect(problems.length).toBeGreaterThan(0);
                expect(problems[0]).toMatch(message);
            });
        }
    });
});

/** The file that the service begins with, and all that it imports before it does anything. */
function startUpFiles(lib: string): string[] {
    const files = new Set([join(lib, 'reeved.mjs')]);
    for (const file of files)
        for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import)"\.\/([^"]+)"/g))
            files.add(join(lib, name));
    return [...files];
}

function writeSources(folder: string, changed: Record<string, string>): void {
    const sources = {
        'metadata.json': JSON.stringify({ uuid: 'x@y', 'gettext-domain': 'x@y' }),
        'extension.ts': "import './shared.js';",
        'prefs.ts': 'print(1);',
        'shared.ts': 'print(2);',
        ...changed,
    };
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
}

describe('reeve, without a service', () => {
    it('says so, and how to find out why', async () => {
        const environment = { PATH: process.env.PATH, HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' };
        const reeve = join(await buildAll(), 'bin', 'reeve');
        const { code, output, errors } = await run([reeve, 'status', '--json'], { env: environment });

        expect(code).toBe(3);
        expect(errors).toBe('');
        expect(output).toMatch(/^.*\n$/);
        expect(JSON.parse(output)).toEqual(jasmine.objectContaining({ error: 'ServiceUnavailable' }));
    });
});
