// From the call to the first thing that a command in the sandbox does, and to its end with what it changed. Its unit is started by
// test/support/spawningManager.ts, so systemd's own share is not in it; a bare program, started the same way, stands beside it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Connection } from '../../service/dbus/connection.ts';
import { SandboxedCommands } from '../../service/sandbox/sandboxedCommands.ts';
import { Contents } from '../../service/store/contents.ts';
import { ensureHostPackages } from '../support/hostPackages.ts';
import { startSpawningManager } from '../support/spawningManager.ts';
import { describeLatency } from './statistics.ts';

const rounds = 20;
/** Prints the time of day in nanoseconds; date(1). */
const clock = ['date', '+%s%N'];

export async function bench(): Promise<void> {
    const missing = ensureHostPackages({ bwrap: 'bubblewrap', gio: 'libglib2.0-bin' });
    if (missing.length > 0) throw new Error(`${missing.join(', ')} cannot be had here`);
    await using manager = await startSpawningManager();
    const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
    const before = process.env.HOME;
    // A command changes folders in the home directory only.
    process.env.HOME = home;
    try {
        const folder = join(home, 'work');
        mkdirSync(folder);
        for (let index = 0; index < 100; index += 1) writeFileSync(join(folder, `${index}.txt`), 'x'.repeat(10_000));
        const commands = new SandboxedCommands({
            stateDirectory: join(home, 'state'),
            home,
            open: () => Connection.open({ address: manager.address }),
            actions: { plan: () => Promise.reject(new Error('Nothing was changed')) },
            proposals: { ask: () => ({ task: { id: 1, created: 0, asked: '' }, proposals: [] }) },
            contents: new Contents(join(home, 'state')),
            audit: { append: () => ({}) as never },
        });
        const signal = new AbortController().signal;
        const begun: number[] = [];
        const ended: number[] = [];
        const bare: number[] = [];
        // The first run finds out which sandbox works here.
        for (let round = 0; round <= rounds; round += 1) {
            const called = now();
            const asked = { argv: clock, directory: folder, folders: [folder], network: false };
            const { output } = await commands.run(asked, { actor: 'terminal', signal });
            const [began, end] = [Number(output.trim()) / 1000, now()];
            const plain = now();
            const printed =
                Number(spawnSync(clock[0] ?? '', clock.slice(1), { encoding: 'utf8' }).stdout.trim()) / 1000;
            if (round === 0) continue;
            begun.push(began - called);
            ended.push(end - called);
            bare.push(printed - plain);
        }
        console.log(`  call → the command begins       ${describeLatency(begun)}`);
        console.log(`  call → its changes are known    ${describeLatency(ended)}`);
        console.log(`  a bare program begins           ${describeLatency(bare)}`);
    } finally {
        process.env.HOME = before;
        rmSync(home, { recursive: true, force: true });
    }
}

/** Microseconds since the Unix epoch. */
function now(): number {
    return (performance.timeOrigin + performance.now()) * 1000;
}
