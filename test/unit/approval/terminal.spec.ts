import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isScriptOnTerminal, terminalOf } from '../../../service/approval/terminal.ts';

describe('What tells reeve on a terminal from other programs', () => {
    let directory: string;
    let script: string;

    beforeAll(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-terminal-'));
        script = join(directory, 'reeve.mjs');
        writeFileSync(script, 'console.log(String(process.pid)); setInterval(() => {}, 1e6);');
    });
    afterAll(() => {
        rmSync(directory, { recursive: true });
    });

    /** What is said of the process that prints its number. */
    async function said(argv: readonly [string, ...string[]], asked = script): Promise<boolean> {
        const [program, ...rest] = argv;
        const child = spawn(program, rest, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
        try {
            const [printed] = (await once(child.stdout, 'data')) as [Buffer];
            return await isScriptOnTerminal(Number(printed.toString()), asked);
        } finally {
            process.kill(-(child.pid ?? 0), 'SIGKILL');
            await once(child, 'exit');
        }
    }
    const onTerminal = (...words: string[]) =>
        ['script', '--quiet', '--command', ['exec', ...words].join(' '), '/dev/null'] as const;

    it('is a terminal, and the script that it names', async () => {
        const argv = [process.execPath, '--disable-warning=ExperimentalWarning', script, 'fix', '3'] as const;
        expect(await said(onTerminal(...argv)))
            .withContext('on a terminal')
            .toBeTrue();
        expect(await said(argv))
            .withContext('without one')
            .toBeFalse();
        expect(await said(onTerminal(...argv), '/opt/reeve.mjs'))
            .withContext('of another script')
            .toBeFalse();
        const evaluated = '"console.log(String(process.pid));setInterval(()=>{},1e6)"';
        expect(await said(onTerminal(process.execPath, '--eval', evaluated, script)))
            .withContext('as an argument')
            .toBeFalse();
    });

    it('is not there any more when the process has ended', async () => {
        const child = spawn('true', { stdio: 'ignore' });
        await once(child, 'exit');
        expect(await isScriptOnTerminal(child.pid ?? 0, script)).toBeFalse();
    });

    it('is read behind a name that holds parentheses', () => {
        expect(terminalOf('7 (gnome-shell) S 1 1) S 1 7 7 34816 7 4194304 0')).toBe(34816);
    });
});
