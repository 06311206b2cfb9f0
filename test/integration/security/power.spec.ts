// A power cut at any moment: what Reeve said to be kept is there when the power is back, and everything else is whole.
import { spawnSync } from 'node:child_process';
import {
    closeSync,
    existsSync,
    mkdtempSync,
    openSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { programsOf } from '../../../service/actions/joinedCalls.ts';
import { writeStep } from '../../../service/actions/files/fileStep.ts';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import type { Proposal } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { Database } from '../../../service/store/database.ts';
import { Disk, fileSystems, whyNoDisk } from '../../support/powerCut.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { anyState } from '../../support/security/generate.ts';
import { changes, keptIn } from '../../support/security/keptChanges.ts';
import { programsOfPlans } from '../../support/security/programs.ts';
import { isWhole, patience, progressOf, report } from '../../support/security/run.ts';
import { startSteward } from '../../support/security/steward.ts';

const scriptAt = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const run = (...argv: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...argv], { encoding: 'utf8' });
const nobody = () => undefined;
const counts = { cuts: 0, made: 0, 'not made': 0 };

for (const kind of fileSystems.filter(each => isWhole || each === 'ext4'))
    describe(`When the power is cut on ${kind},`, () => {
        let disk: Disk | null = null;
        let lack: string | null = null;
        beforeAll(() => {
            lack = whyNoDisk(kind);
            if (lack !== null) console.log(`NO POWER CUTS ON ${kind}: ${lack}`);
        });
        const directories: string[] = [];
        const cut = (on: Disk) => {
            try {
                on.cut();
            } catch (error) {
                // The next spec has another disk.
                disk = null;
                on[Symbol.dispose]();
                throw error;
            }
            counts.cuts += 1;
        };
        const withDisk = (body: (on: Disk) => Promise<void>) => async () => {
            if (lack !== null) {
                pending(lack);
                return;
            }
            disk ??= new Disk(kind);
            await body(disk);
        };
        const folder = (on: Disk) => mkdtempSync(join(on.path, 'x-'));
        afterEach(() => {
            for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
        });
        afterAll(() => {
            disk?.[Symbol.dispose]();
            report(`power on ${kind}`, counts);
        });

        for (const [name, change] of Object.entries(changes))
            it(
                `${name} is made or not, and nothing is lost`,
                withDisk(async on => {
                    const prepared = async () => {
                        const directory = folder(on);
                        await change.prepare(keptIn(directory));
                        on.sync();
                        return directory;
                    };
                    const meet = (directory: string, write: number, moment: string) =>
                        run(scriptAt('keepAndDie.ts'), directory, name, String(write), moment);
                    const undisturbed = await prepared();
                    const { stdout, stderr } = meet(undisturbed, 0, 'before');
                    const writes = Number(stdout);
                    expect(writes).withContext(stderr).toBeGreaterThan(1);
                    cut(on);
                    // What was said to be made is there.
                    expect(await change.check(keptIn(undisturbed))).toBeTrue();
                    counts.made += 1;
                    const progress = progressOf(`${name} on ${kind}`, writes);
                    const all = Array.from({ length: isWhole ? writes : 0 }, (_none, index) => index + 1);
                    for (const write of all) {
                        const directory = await prepared();
                        const { signal } = meet(directory, write, 'after');
                        expect(signal).toBe('SIGKILL');
                        cut(on);
                        try {
                            counts[(await change.check(keptIn(directory))) ? 'made' : 'not made'] += 1;
                        } catch (error) {
                            fail(`write ${write} of ${writes}: ${String(error)}`);
                        }
                        rmSync(directory, { recursive: true });
                        progress.done();
                    }
                }),
                patience,
            );

        for (const [what, from] of [
            ['replaces', Buffer.alloc(300_000, 'old ')],
            ['makes', null],
        ] as const)
            it(
                `a file that a step ${what} is whole, and there once the step has ended`,
                withDisk(async on => {
                    const to = Buffer.alloc(300_000, 'new ');
                    const elsewhere = mkdtempSync(join(tmpdir(), 'reeve-power-'));
                    directories.push(elsewhere);
                    const contents = new Contents(elsewhere);
                    if (from !== null) await contents.put(from);
                    const input = join(elsewhere, 'input');
                    writeFileSync(input, to);
                    const stepAt = (path: string) =>
                        programsOf(writeStep('user', path, { from, to, permissions: '0:0 0644' }, contents).call);
                    const all = stepAt('/x').length;
                    for (let ran = 1; ran <= all; ran += 1) {
                        const path = join(folder(on), 'file');
                        if (from !== null) writeFileSync(path, from);
                        on.sync();
                        for (const [program = '', ...argv] of stepAt(path).slice(0, ran)) {
                            const stdin = openSync(input, 'r');
                            const { status } = spawnSync(program, argv, { stdio: [stdin, 'ignore', 'inherit'] });
                            closeSync(stdin);
                            expect(status).withContext(program).toBe(0);
                        }
                        cut(on);
                        const left = existsSync(path) ? readFileSync(path) : null;
                        const isNew = left?.equals(to) === true;
                        const isOld = from === null ? left === null : left?.equals(from) === true;
                        expect(isNew || (isOld && ran < all))
                            .withContext(`${left?.length ?? 'no'} bytes after ${ran} of ${all} programs`)
                            .toBeTrue();
                        counts[isNew ? 'made' : 'not made'] += 1;
                    }
                }),
                patience,
            );

        it(
            'an approval is kept before anything changes, and the next service knows how far the change got',
            withDisk(async on => {
                const pretended = pretendPrograms(programsOfPlans);
                const home = process.env.HOME;
                try {
                    for (const moment of moments.filter(each => isWhole || each === 'before 0' || each === 'after 0')) {
                        const directory = mkdtempSync(join(tmpdir(), 'reeve-power-'));
                        directories.push(directory);
                        // The computer outlasts it: what Reeve says of it is compared with what it is.
                        symlinkSync(folder(on), join(directory, 'state'));
                        await prepare(directory);
                        on.sync();
                        expect(run(scriptAt('changeAndDie.ts'), directory, 'apply', moment).signal).toBe('SIGKILL');
                        cut(on);
                        isApproved(join(directory, 'state'), moment);
                        await using steward = await startSteward(directory, null, nobody);
                        await steward.proposals.resolveInterrupted();
                        const [after] = steward.proposals.list();
                        isTrue(after, steward.kept.calls, moment);
                    }
                } finally {
                    pretended[Symbol.dispose]();
                    process.env.HOME = home;
                }
            }),
            patience,
        );
    });

const moments = ['applying', 'before 0', 'after 0', 'before 1', 'after 1', 'checking', 'applied'];

/** A change in two calls that was asked for. */
async function prepare(directory: string): Promise<void> {
    const [state] = fc.sample(anyState, { seed: 14, numRuns: 1 });
    if (state === undefined) throw new Error('no state');
    const settings = { ...state.settings, 'org.gnome.desktop.interface color-scheme': "'default'" };
    await using steward = await startSteward(directory, { ...state, settings }, nobody);
    const parts = [
        { action: 'setting.switch', parameters: { setting: 'dark-style', on: true } },
        { action: 'clock.zone', parameters: { zone: 'Asia/Tokyo' } },
    ];
    const plan = await steward.actions.plan({ action: 'several', parameters: { parts }, explanation: '' });
    steward.proposals.ask('Please', [plan], 'shell');
}

function isApproved(stateDirectory: string, moment: string): void {
    const opened = Database.open(stateDirectory, nobody);
    using database = opened.database;
    const audit = new AuditLog({ database });
    expect(opened.replaced).withContext(moment).toBeNull();
    expect(audit.verify().ok).withContext(moment).toBeTrue();
    if (moment !== 'applying')
        expect(audit.list().map(({ event }) => event))
            .withContext(moment)
            .toContain('approved');
}

/** What is said of the change is so. */
function isTrue(after: Proposal | undefined, calls: number, moment: string): void {
    const context = `${moment}: ${after?.state ?? 'gone'}, ${calls} calls`;
    counts[after?.state === 'applied' ? 'made' : 'not made'] += 1;
    if (after?.state === 'offered') expect(calls).withContext(context).toBe(0);
    else if (after?.state === 'applied') expect(calls).withContext(context).toBe(2);
    else {
        expect(after?.state).withContext(context).toBe('partial');
        if (after?.standing.isUnsure === true) expect(after.done).withContext(context).toBeLessThanOrEqual(calls);
        else expect(after?.done).withContext(context).toBe(calls);
    }
}
