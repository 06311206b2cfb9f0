// Whatever Reeve changes of what it keeps, a kill or a full disk at any write loses nothing of it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { changes, keptIn } from '../../support/security/keptChanges.ts';
import { isWhole, patience, report } from '../../support/security/run.ts';

const script = fileURLToPath(new URL('keepAndDie.ts', import.meta.url));
const troubles = ['before', 'after', 'full'] as const;
const counts = { kills: 0, 'full disks': 0, made: 0, 'not made': 0 };

describe('What Reeve keeps', () => {
    const directories: string[] = [];
    afterEach(() => {
        for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
    });
    afterAll(() => {
        report('durability', counts);
    });

    async function prepared(name: string): Promise<string> {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-kept-'));
        directories.push(directory);
        await changes[name]?.prepare(keptIn(directory));
        return directory;
    }

    function meet(directory: string, name: string, write: number, trouble: string) {
        const argv = ['--disable-warning=ExperimentalWarning', script, directory, name, String(write), trouble];
        return spawnSync(process.execPath, argv, { encoding: 'utf8' });
    }

    for (const [name, change] of Object.entries(changes)) {
        it(
            `outlasts ${name} that is cut off at any write`,
            async () => {
                const undisturbed = meet(await prepared(name), name, 0, 'before');
                const writes = Number(undisturbed.stdout);
                expect(writes).withContext(undisturbed.stderr).toBeGreaterThan(1);
                const all = Array.from({ length: writes }, (_none, index) => index + 1);
                const chosen = isWhole ? all : all.slice(Math.floor(writes / 2), Math.floor(writes / 2) + 1);
                for (const write of chosen)
                    for (const trouble of troubles) {
                        const directory = await prepared(name);
                        const child = meet(directory, name, write, trouble);
                        const context = `${trouble} write ${write} of ${writes}`;
                        if (trouble === 'full') expect(child.status).withContext(`${context}: ${child.stderr}`).toBe(0);
                        else expect(child.signal).withContext(`${context}: ${child.stderr}`).toBe('SIGKILL');
                        counts[trouble === 'full' ? 'full disks' : 'kills'] += 1;
                        try {
                            counts[(await change.check(keptIn(directory))) ? 'made' : 'not made'] += 1;
                        } catch (error) {
                            fail(`${context}: ${String(error)}`);
                        }
                    }
            },
            patience,
        );
    }
});
