import { chmodSync, utimesSync } from 'node:fs';

import { makeCheck } from '../../../../service/diagnosis/check.ts';
import { families } from '../../../../service/faults/index.ts';
import { recorded, managerOf, recordedUnits } from '../../../support/recordedUnits.ts';
import { faultyComputer, findingsOf, incidentOf, minute } from '../../../support/faultyComputer.ts';

const path = '/etc/polkit-1/rules.d/49-office.rules';
const microseconds = () => Date.now() * 1000;

describe('An error in settings that a log reports', () => {
    const computer = faultyComputer();

    const checkOf = (units = recordedUnits(262)) =>
        makeCheck({ ...managerOf(units), families, machine: computer.machine, clock: () => microseconds() });

    it('is about the file that the line names, also where the rule does not say which word that is', async () => {
        const fields = {
            _TRANSPORT: 'journal',
            SYSLOG_IDENTIFIER: 'polkitd',
            _COMM: 'polkitd',
            _UID: '999',
            _SYSTEMD_UNIT: 'polkit.service',
            PRIORITY: '3',
            MESSAGE: `Error compiling script ${path}: SyntaxError: parse error (line 3)`,
        };
        const [finding] = await findingsOf(fields, checkOf());
        expect([finding?.family, finding?.subject]).toEqual(['configuration', path]);
        expect(finding?.title).toBe(`The settings in ${path} contain an error`);
    });

    it('is over once the file was changed or removed, and not before', async () => {
        computer.write(path, 'oops');
        await new Promise(resolve => setTimeout(resolve, 5));
        const broken = incidentOf('configuration', 'file', { subject: path, lastSeen: microseconds() });
        const check = checkOf();
        expect(await check(broken)).toEqual({ gone: false, detail: `${path} has not been changed since then` });
        await new Promise(resolve => setTimeout(resolve, 5));
        // Whatever the time that an editor gives it.
        utimesSync(`${computer.root}${path}`, 1, 1);
        expect((await check(broken)).gone).toBeTrue();
        computer.remove(path);
        expect((await check(broken)).gone).toBeTrue();
    });

    it('is not over because this user may not look', async () => {
        computer.write(path, 'oops');
        const broken = incidentOf('configuration', 'file', { subject: path, lastSeen: microseconds() });
        const check = checkOf();
        const uid = process.geteuid?.() ?? 0;
        chmodSync(computer.root, 0);
        if (uid === 0) process.seteuid?.(65_534);
        try {
            expect(await check(broken)).toEqual({ gone: false, detail: jasmine.stringMatching(/Only root may look/) });
            // Its reader reports an error whenever it starts.
            const units = recordedUnits(262);
            const { unit, ofType } = recorded(units, 'sample-exit.service');
            units['polkit.service'] = { unit: { ...unit, Id: 'polkit.service' }, ofType };
            Object.assign(ofType ?? {}, { ExecMainStartTimestamp: broken.lastSeen - 1_000_000 });
            expect((await checkOf(units)(broken)).gone).toBeFalse();
            Object.assign(ofType ?? {}, { ExecMainStartTimestamp: broken.lastSeen + 1_000_000 });
            expect((await checkOf(units)(broken)).gone).toBeTrue();
        } finally {
            if (uid === 0) process.seteuid?.(uid);
            chmodSync(computer.root, 0o700);
        }
    });

    it('is over once a unit whose file could not be used is loaded', async () => {
        const units = recordedUnits(262);
        const { unit } = recorded(units, 'sample-exit.service');
        const broken = incidentOf('configuration', 'unit-file', {
            subject: 'sample-exit.service',
            lastSeen: microseconds(),
        });
        Object.assign(unit, { LoadState: 'bad-setting' });
        expect((await checkOf(units)(broken)).gone).toBeFalse();
        Object.assign(unit, { LoadState: 'loaded' });
        expect((await checkOf(units)(broken)).gone).toBeTrue();
    });

    it('is over after a start of the computer that did not report it', async () => {
        const broken = incidentOf('configuration', 'file', {
            subject: 'polkitd',
            lastSeen: microseconds() - 11 * minute,
        });
        expect((await checkOf()(broken)).gone).toBeFalse();
        computer.write('proc/stat', `btime ${Math.round(Date.now() / 1000 - 600)}\n`);
        expect((await checkOf()(broken)).gone).toBeTrue();
    });
});

describe('A fault of Reeve itself', () => {
    const computer = faultyComputer();

    it('is over once Reeve was started again, or when it does not recur', async () => {
        const check = makeCheck({ ...managerOf(recordedUnits(262)), families, machine: computer.machine });
        const gone = async (lastSeen: number) => (await check(incidentOf('reeve', 'service', { lastSeen }))).gone;
        expect(await gone(microseconds())).toBeFalse();
        expect(await gone(performance.timeOrigin * 1000 - 1)).toBeTrue();
    });
});
