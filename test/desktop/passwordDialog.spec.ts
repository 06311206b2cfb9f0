// Changes to the system ask for a password in the Shell's own dialog: what comes of not answering it, and of calling the change off
// while it is open. `polkit` has what comes of an answer.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import type { Execution } from '../../service/execution/executor.ts';
import { Desktop } from './desktop.ts';
import { activeState } from './failingUnits.ts';
import { describeOn, eachSystemd, patience } from './onDesktops.ts';
import { Screen } from './support/screen.ts';

const unit = 'sample-quiet.service';
const unitFile = '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n';
const question = /sample-quiet\.service/;

/** The program for inside, in one file. */
async function bundle(directory: string): Promise<string> {
    const outfile = join(directory, 'carryOut.mjs');
    await build({
        entryPoints: [fileURLToPath(new URL('carryOut.ts', import.meta.url))],
        outfile,
        bundle: true,
        platform: 'node',
        target: 'node24',
        format: 'esm',
        logLevel: 'silent',
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return outfile;
}

// On each systemd and polkit, which ask and give up. `polkit` has the dialog of each Shell.
describeOn(eachSystemd, 'A change that needs a password', suite => {
    let directory: string;
    let desktop: Desktop;
    let screen: Screen;

    beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), 'reeve-password-'));
        desktop = await Desktop.boot(suite, { files: { [`/etc/systemd/system/${unit}`]: unitFile } });
        screen = new Screen(desktop);
        await desktop.push(await bundle(directory), '/opt/carry-out');
        // A copy: tar refuses a file whose links change, and every build links Node.
        const node = join(directory, 'node');
        await copyFile(process.execPath, node);
        await desktop.push(node, '/opt/carry-out');
    }, patience);
    afterAll(async () => {
        await desktop.down();
        await rm(directory, { recursive: true });
    });
    beforeEach(async () => {
        // What is closed last of all is the dialog of the spec before, after systemd has had its answer.
        await screen.untilAskedNothing();
        await desktop.exec(['systemctl', 'stop', unit]);
    });

    /** @param argv a program that runs it */
    async function restart(argv: string[] = []): Promise<Execution> {
        const script = ['/opt/carry-out/node', '/opt/carry-out/carryOut.mjs', unit];
        const { stdout } = await desktop.user([...argv, ...script], { timeout: 60_000 });
        return JSON.parse(stdout) as Execution;
    }

    // Half a minute, which systemd sets.
    it(
        'is refused when systemd tires of waiting for the password, and the dialog goes',
        async () => {
            const restarting = restart();
            await screen.untilAskedForPassword(question);
            expect(await restarting).toEqual({
                result: 'refused',
                begun: false,
                done: 0,
                detail: 'The password was not entered within 25 seconds. Try again',
            });
            await screen.untilAskedNothing();
        },
        patience,
    );

    it(
        'is called off together with its dialog',
        async () => {
            // The pipe brings the line that cancels once the file is there.
            const whenTold = 'until test -e /tmp/call-off; do sleep 0.1; done; echo';
            const restarting = restart(['sh', '-c', `(${whenTold}) | "$@"`, 'sh']);
            await screen.untilAskedForPassword(question);
            await desktop.exec(['touch', '/tmp/call-off']);
            expect(await restarting).toEqual({
                result: 'cancelled',
                begun: false,
                done: 0,
                detail: 'Cancelled before anything was changed',
            });
            await screen.untilAskedNothing();
            await desktop.exec(['rm', '/tmp/call-off']);
            expect(await activeState(desktop, unit)).toBe('inactive');
        },
        patience,
    );
});
