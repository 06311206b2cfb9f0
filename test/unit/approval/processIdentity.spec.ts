import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { fileIdentity, processIdentity, scriptOf } from '../../../service/approval/processIdentity.ts';

describe('The identity of a process', () => {
    it('names the program that runs, not what it calls itself', async () => {
        const child = spawn(
            process.execPath,
            ['-e', 'process.title = "gnome-shell) S 1 1"; console.log(); setInterval(() => {}, 1e6)'],
            {
                argv0: 'gnome-shell',
                detached: true,
                stdio: ['ignore', 'pipe', 'ignore'],
            },
        );
        try {
            await once(child.stdout, 'data');
            const identity = await processIdentity(child.pid ?? 0);
            expect(identity?.executable).toBe(await fileIdentity(process.execPath));
            // setsid() took its terminal away.
            expect(identity?.terminal).toBe(0);
            expect(identity?.startTime).toMatch(/^\d+$/);
        } finally {
            child.kill('SIGKILL');
            await once(child, 'exit');
        }
    });

    it('is null for a process that has ended', async () => {
        const child = spawn('true', { stdio: 'ignore' });
        await once(child, 'exit');
        expect(await processIdentity(child.pid ?? 0)).toBeNull();
    });
});

describe('The script of a Node process', () => {
    const workingDirectory = '/home/alice';

    it('follows the options that our launcher gives', () => {
        const argv = ['/opt/node', '--disable-warning=ExperimentalWarning', '/opt/reeve.mjs', 'fix', '3'];
        expect(scriptOf({ argv, workingDirectory })).toBe('/opt/reeve.mjs');
    });

    it('is looked for in the working directory of the process', () => {
        expect(scriptOf({ argv: ['node', 'reeve.mjs'], workingDirectory })).toBe('/home/alice/reeve.mjs');
    });

    for (const option of ['--import=/tmp/other.mjs', '-r', '--eval', '-', '--env-file=/tmp/e']) {
        it(`does not count when Node was also given ${option}`, () => {
            const argv = ['node', option, '/opt/reeve.mjs', 'fix', '3'];
            expect(scriptOf({ argv, workingDirectory })).toBeNull();
        });
    }

    it('is null when there is none', () => {
        expect(scriptOf({ argv: ['node', '--interactive'], workingDirectory })).toBeNull();
    });
});
