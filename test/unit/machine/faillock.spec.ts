import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accountUnlock } from '../../../service/actions/settings/accountUnlock.ts';
import { Contents } from '../../../service/store/contents.ts';
import { readTally } from '../../../service/machine/desktop/faillock.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';
import { managerOf } from '../../support/recordedUnits.ts';

const now = 1_800_000_000;

describe('Attempts that failed', () => {
    let root: string;
    const machine = () => ({ ...recordedMachine(), root });

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-faillock-'));
        for (const folder of ['run/faillock', 'etc/security']) mkdirSync(join(root, folder), { recursive: true });
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    /** Writes what pam_faillock would have, given when attempts failed: in seconds before `now`, negative for void ones. */
    function fail(...ages: number[]): void {
        failBefore(now, ...ages);
    }

    function failBefore(time: number, ...ages: number[]): void {
        const records = ages.map(age => {
            const bytes = Buffer.alloc(64);
            bytes.write('tty7');
            bytes.writeUInt16LE(age < 0 ? 0x4 : 0x5, 54);
            bytes.writeBigUInt64LE(BigInt(time - Math.abs(age)), 56);
            return bytes;
        });
        writeFileSync(join(root, 'run/faillock/alice'), Buffer.concat(records));
    }

    const tally = () => readTally(machine(), 'alice', now);

    it('lock an account when there were enough of them in a while', async () => {
        expect(await tally()).toBeNull();
        fail(30, 20);
        expect(await tally()).toEqual({ failures: 2, latest: now - 20, isLocked: false });
        fail(30, 20, 10);
        expect(await tally()).toEqual({ failures: 3, latest: now - 10, isLocked: true });
        fail(30, 20, -10);
        expect((await tally())?.isLocked)
            .withContext('one is void')
            .toBeFalse();
        fail(1000, 20, 10);
        expect((await tally())?.isLocked)
            .withContext('one is long ago')
            .toBeFalse();
        fail(720, 710, 700);
        expect((await tally())?.isLocked)
            .withContext('it has opened by itself')
            .toBeFalse();
    });

    it('are counted as faillock.conf has it', async () => {
        fail(5000, 4000);
        writeFileSync(
            join(root, 'etc/security/faillock.conf'),
            '# deny = 9\ndeny=2\n  fail_interval = 1200\nunlock_time = never\n',
        );
        expect(await tally()).toEqual({ failures: 2, latest: now - 4000, isLocked: true });
        writeFileSync(join(root, 'etc/security/faillock.conf'), 'deny = 0\n');
        expect((await tally())?.isLocked).toBeFalse();
    });

    it('are counted as the arguments of the module have it, which go before its file', async () => {
        fail(5000, 4000);
        writeFileSync(join(root, 'etc/security/faillock.conf'), 'deny = 9\nunlock_time = never\n');
        mkdirSync(join(root, 'etc/pam.d'));
        const pam = (name: string, text: string) => {
            writeFileSync(join(root, 'etc/pam.d', name), text);
        };
        pam('aaa', 'auth required pam_faillock.so preauth deny=1\n');
        expect((await tally())?.isLocked).toBeTrue();
        pam(
            'common-auth',
            '# auth required pam_faillock.so deny=1\nauth [default=die] pam_faillock.so authfail deny=3\n',
        );
        expect((await tally())?.isLocked).toBeFalse();
        pam('common-auth', 'auth required pam_faillock.so authfail \\\n deny=2 fail_interval=1200\n');
        expect(await tally()).toEqual({ failures: 2, latest: now - 4000, isLocked: true });
        pam('common-auth', 'auth required pam_faillock.so authfail deny=2 fail_interval=1200 unlock_time=60\n');
        expect((await tally())?.isLocked).toBeFalse();
    });

    it('are forgotten only where they lock the account, and as they were seen', async () => {
        const { signal } = new AbortController();
        const contents = new Contents(root);
        const plan = () =>
            accountUnlock.plan({ user: 'alice' }, { ...managerOf({}), machine: machine(), contents, signal });
        const refused = (words: RegExp) => expectAsync(plan()).toBeRejectedWithError(words);

        await refused(/not known whether/);
        const today = Math.floor(Date.now() / 1000);
        failBefore(today, 30, 20);
        await refused(/not locked/);
        failBefore(today, 30, 20, 10);
        const { preconditions, steps } = await plan();
        expect(steps.map(({ command }) => command)).toEqual([jasmine.stringMatching(/faillock --user alice --reset$/)]);
        expect(preconditions).toEqual({ 'alice failed attempts': `3, the last at ${today - 10}` });
    });
});
