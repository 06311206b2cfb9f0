import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { buildAll } from '../../../build/build.ts';
import { run } from '../../support/program.ts';

const uuid = 'reeve@reevedesktop.org';

describe('The installation', () => {
    let built: string;
    let home: string;

    beforeAll(async () => {
        built = await buildAll();
    }, 60_000);
    let scratch: string;
    beforeEach(() => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-install-'));
        home = join(scratch, 'home');
        mkdirSync(home);
    });
    afterEach(() => {
        rmSync(scratch, { recursive: true });
    });

    /** Without a session: what needs one is said to be left out. */
    const install = (args: string[] = [], env: NodeJS.ProcessEnv = {}) =>
        run([join(built, 'lib', 'node'), join(built, 'lib', 'install.mjs'), ...args], {
            env: { HOME: home, PATH: process.env.PATH, XDG_RUNTIME_DIR: join(scratch, 'no-session'), ...env },
        });
    const everything = () => readdirSync(home, { recursive: true }).sort();

    it('puts a working command, the unit, the activation file and the extension in place', async () => {
        const { code, errors } = await install();

        expect(errors).toBe('');
        expect(code).toBe(0);
        const { output } = await run([join(home, '.local/bin/reeve'), '--version'], { env: {} });
        expect(output).toMatch(/^reeve /);
        const unit = readFileSync(join(home, '.local/share/systemd/user/reeve.service'), 'utf8');
        expect(unit).toContain(`ExecStart="${home}/.local/lib/reeve/bin/reeved"`);
        const activation = join(home, '.local/share/dbus-1/services/org.reevedesktop.Reeve1.service');
        expect(readFileSync(activation, 'utf8')).toContain(`Exec='${home}/.local/lib/reeve/bin/reeved'`);
        const extension = join(home, '.local/share/gnome-shell/extensions', uuid);
        expect(existsSync(join(extension, 'extension.js'))).toBeTrue();
        expect(existsSync(join(extension, 'schemas', 'gschemas.compiled'))).toBeTrue();
    });

    it('remembers the sources that it was built from', async () => {
        await install();

        const { output } = await run([join(home, '.local/bin/reeve'), 'update', '--json'], {
            env: { HOME: home, PATH: process.env.PATH, XDG_RUNTIME_DIR: join(scratch, 'no-session') },
        });

        expect(JSON.parse(output)).toEqual(
            jasmine.objectContaining({ way: 'checkout', checkout: dirname(dirname(built)), models: null }),
        );
    });

    it('leaves nothing behind when it is taken back, not even directories', async () => {
        const before = everything();
        await install();
        expect(everything().length).toBeGreaterThan(50);

        const { code } = await install(['--uninstall']);

        expect(code).toBe(0);
        expect(everything()).toEqual(before);
    });

    it('keeps the user’s data and whatever else is in the directories, and says where the data is', async () => {
        const keep = ['.local/state/reeve/database/reeve.db', '.config/reeve/config.toml', '.local/bin/other'];
        for (const file of keep) {
            mkdirSync(join(home, file, '..'), { recursive: true });
            writeFileSync(join(home, file), 'mine');
        }
        await install();

        const { output } = await install(['--uninstall']);

        for (const file of keep) expect(readFileSync(join(home, file), 'utf8')).toBe('mine');
        expect(output).toContain(join(home, '.local/state/reeve'));
        expect(output).toContain(join(home, '.config/reeve'));
        expect(existsSync(join(home, '.local/share'))).toBeFalse();
    });

    it('can be done over itself, and over an older version of another shape', async () => {
        await install();
        const leftover = join(home, '.local/share/reeve-of-old');
        mkdirSync(leftover);
        const manifest = join(home, '.local/lib/reeve/installed.json');
        const old = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string; paths: string[] };
        writeFileSync(manifest, JSON.stringify({ ...old, version: '0.0.1', paths: [...old.paths, leftover] }));
        writeFileSync(join(home, '.local/lib/reeve/lib/stale.mjs'), 'stale');

        const { code } = await install();

        expect(code).toBe(0);
        expect(existsSync(leftover)).toBeFalse();
        expect(existsSync(join(home, '.local/lib/reeve/lib/stale.mjs'))).toBeFalse();
        expect(everything().filter(path => String(path).includes('.new-'))).toEqual([]);
        await install(['--uninstall']);
        expect(everything()).toEqual([]);
    });

    it('does nothing when asked only to say what it would do', async () => {
        const { code, output } = await install(['--dry-run']);

        expect(code).toBe(0);
        expect(output).toContain(join(home, '.local/bin/reeve'));
        expect(everything()).toEqual([]);

        await install();
        const installed = everything();
        await install(['--uninstall', '--dry-run']);
        expect(everything()).toEqual(installed);
    });

    it('does not replace another program called reeve', async () => {
        mkdirSync(join(home, '.local/bin'), { recursive: true });
        writeFileSync(join(home, '.local/bin/reeve'), 'another');

        const { code, errors } = await install();

        expect(code).toBe(1);
        expect(errors).toContain(join(home, '.local/bin/reeve'));
        expect(readFileSync(join(home, '.local/bin/reeve'), 'utf8')).toBe('another');
        expect(existsSync(join(home, '.local/lib'))).toBeFalse();
    });

    it('is not done by root for somebody else', async () => {
        const { code, errors } = await install([], { HOME: '/nonexistent-home' });
        expect(code).not.toBe(0);
        expect(errors).not.toBe('');

        if (process.getuid?.() === 0) {
            const forSomebody = await install([], { SUDO_UID: '1000' });
            expect(forSomebody.code).toBe(1);
            expect(forSomebody.errors).toContain('without sudo');
            expect(everything()).toEqual([]);
        }
    });

    it('works in a home directory with an awkward name', async () => {
        home = join(scratch, `o'neil 100% "x"`);
        mkdirSync(home);

        const { code } = await install();

        expect(code).toBe(0);
        const unit = readFileSync(join(home, '.local/share/systemd/user/reeve.service'), 'utf8');
        expect(unit).toContain('100%% \\"x\\"');
        const { output } = await run([join(home, '.local/bin/reeve'), '--version'], { env: {} });
        expect(output).toMatch(/^reeve /);
    });

    it('refuses to install an installation, which can only be removed', async () => {
        await install();
        const installed = everything();
        const own = (...args: string[]) =>
            run([join(home, '.local/lib/reeve/bin/install'), ...args], {
                env: { HOME: home, PATH: process.env.PATH, XDG_RUNTIME_DIR: join(scratch, 'no-session') },
            });

        const { code, errors } = await own();

        expect(code).toBe(1);
        expect(errors).toContain('is an installation');
        expect(everything()).toEqual(installed);
        await own('--uninstall');
        expect(everything()).toEqual([]);
    });

    it('says that nothing is installed when nothing is', async () => {
        const { code, output } = await install(['--uninstall']);

        expect(code).toBe(0);
        expect(output).toContain('not installed');
    });
});
