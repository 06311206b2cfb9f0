import { ReeveError } from '../../../service/util/errors.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import { managerOf, recordedUnits, versions } from '../../support/recordedUnits.ts';

describe('A service manager', () => {
    for (const version of versions) {
        it(`of systemd ${version} is understood, whatever the type of the unit`, async () => {
            const units = recordedUnits(version);
            const { systemd } = managerOf(units);
            for (const name of Object.keys(units)) {
                expect((await systemd.unit('system', name))?.name)
                    .withContext(name)
                    .toBe(name);
            }
        });
    }

    it('says how the main process of a service ended', async () => {
        const { systemd } = managerOf(recordedUnits(262));
        const unit = await systemd.unit('system', 'sample-exit.service');
        expect(unit?.process).toEqual(
            jasmine.objectContaining({ type: 'simple', restart: 'no', code: 1, status: 3, executable: '/bin/sh' }),
        );
        expect(unit?.invocationId).toMatch(/^[0-9a-f]{32}$/);
        expect(unit?.job).toBeNull();
    });

    it('has no process to report for a mount, and no result for a target', async () => {
        const { systemd } = managerOf(recordedUnits(262));
        const mount = await systemd.unit('system', 'sample-data.mount');
        expect([mount?.result, mount?.process]).toEqual(['exit-code', null]);
        expect((await systemd.unit('system', 'sysinit.target'))?.result).toBeNull();
    });

    it('knows no run of a unit that was never started', async () => {
        const { systemd } = managerOf(recordedUnits(262));
        expect((await systemd.unit('system', 'sample-web.service'))?.invocationId).toBeNull();
    });

    it('says null for a unit that does not exist, but not for a failed one whose file is gone', async () => {
        const { systemd } = managerOf(recordedUnits(262));
        expect(await systemd.unit('system', 'no-such.service')).toBeNull();
        expect((await systemd.unit('system', 'sample-gone.service'))?.loadState).toBe('not-found');
    });

    it('is asked for the last start of what D-Bus starts', async () => {
        const sample = recordedUnits(262)['sample-exit.service'];
        const startOf = (number: number) => {
            const name = `dbus-:1.2-org.example.Name@${number}.service`;
            return { [name]: { unit: { ...sample?.unit, Id: name, Names: [name] }, ofType: sample?.ofType ?? null } };
        };
        const { systemd } = managerOf({ ...startOf(9), ...startOf(10) });
        const unit = await systemd.unit('user', 'dbus-:1.2-org.example.Name.service');
        expect(unit?.name).toBe('dbus-:1.2-org.example.Name@10.service');
        expect(await systemd.unit('user', 'dbus-:1.2-org.example.Other.service')).toBeNull();
    });

    it('is not asked for what cannot be a unit', async () => {
        const { systemd } = managerOf({});
        await expectAsync(systemd.unit('system', '../../etc/passwd')).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument' }),
        );
    });

    it('that is not there is a documented error', async () => {
        const systemd = new Systemd({ system: null, session: null });
        expect(systemd.isReachable('user')).toBeFalse();
        await expectAsync(systemd.unit('user', 'a.service')).toBeRejectedWithError(
            ReeveError,
            'There is no session bus',
        );
    });

    it('whose answer has another shape is an error that names the property', async () => {
        const units = recordedUnits(262);
        const { 'sample-exit.service': unit } = units;
        if (unit) unit.unit.ActiveState = 5;
        await expectAsync(managerOf(units).systemd.unit('system', 'sample-exit.service')).toBeRejectedWithError(
            /ActiveState/,
        );
    });
});
