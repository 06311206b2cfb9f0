import { makeCheck } from '../../../../service/diagnosis/check.ts';
import { families } from '../../../../service/faults/index.ts';
import { faultyComputer, incidentOf, minute, now } from '../../../support/faultyComputer.ts';
import { managerOf, recorded, recordedUnits } from '../../../support/recordedUnits.ts';

describe('The desktop’s portal', () => {
    const computer = faultyComputer();

    it('takes the desktop’s portal for well once it was restarted, and not before', async () => {
        const { unit, ofType } = recorded(recordedUnits(262), 'sample-web.service');
        const name = 'xdg-desktop-portal.service';
        const running = { ...unit, Id: name, Names: [name], ActiveState: 'active', SubState: 'running' };
        const checked = async (
            startedAt: number,
            options = {},
            facts: Record<string, string> = { interface: 'Lockdown' },
        ) => {
            const service = { ...ofType, Result: 'success', ExecMainStartTimestamp: startedAt };
            const units = { [name]: { unit: running, ofType: service } };
            const check = makeCheck({
                ...managerOf(units),
                families,
                machine: computer.machine,
                clock: () => now + minute,
            });
            return (await check(incidentOf('containers', 'portal', { scope: 'user', facts }), options)).gone;
        };
        expect(await checked(now - minute)).toBeFalse();
        // What is not met with at a start says nothing by its absence.
        expect(await checked(now + 1, {}, {})).toBeFalse();
        expect(await checked(now + 1)).toBeTrue();
        // Right after a restart as well, and without waiting for it to stay quiet.
        expect(await checked(now + 1, { afterFix: true })).toBeTrue();
    });
});
