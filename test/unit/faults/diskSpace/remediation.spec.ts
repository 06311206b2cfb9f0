import type { Case } from '../../../../service/diagnosis/playbook.ts';
import type { Incident } from '../../../../service/model/incident.ts';
import { diagnose, faultyComputer, fixesFor, incidentOf } from '../../../support/faultyComputer.ts';

describe('A full disk', () => {
    const computer = faultyComputer();

    it('checks the filesystem that is named, and offers to free space where that helps', async () => {
        computer.write('proc/self/mountinfo', '30 1 8:2 / / ro - ext4 /dev/sda2 ro\n');
        const low = (place: string) => incidentOf('disk-space', 'low', { subject: place, facts: { place } });
        expect(await computer.isGone(low('/'))).toBeTrue();
        expect(await computer.isGone(low('/unmounted'))).toBeTrue();
        const offered = (incident: Incident) =>
            fixesFor(incident).filter(({ parameters }) => parameters(incident) !== null).length;
        expect(offered(low('/'))).toBe(3);
        expect(offered(low('/var'))).toBe(2);
        // The old kernels.
        expect(offered(low('/boot'))).toBe(1);
        expect(offered(low('/home'))).toBe(0);
        expect(offered(incidentOf('disk-space', 'full', { subject: 'disk' }))).toBe(3);
    });

    it('offers to remove kernels where their files are', () => {
        const offers = (place: string) => {
            const incident = incidentOf('disk-space', 'full', { facts: { place } });
            const found = diagnose(incident);
            return found.fixes.some(({ action }) => action === 'packages.removeKernels');
        };
        for (const place of ['/', '/boot', '/usr', '/usr/lib', '/usr/lib/modules'])
            expect(offers(place)).withContext(place).toBeTrue();
        for (const place of ['/boot/efi', '/usr/local', '/usr/lib/modules-load.d', '/home', '/boots'])
            expect(offers(place)).withContext(place).toBeFalse();
    });

    it('gives advice, and does not offer again what did not help', () => {
        const diagnosed = (tried: Case['tried'], cause = 'The log says why.') =>
            diagnose(incidentOf('disk-space', 'full', { cause, facts: { logCause: 'The log says why.' } }), tried);
        const first = diagnosed([]);
        expect(first.fixes.map(({ action }) => action)).toEqual([
            'packages.cleanCache',
            'journal.vacuum',
            'packages.removeKernels',
        ]);
        expect(first.summary).toContain('Empty the trash');
        const [fix] = first.fixes;
        const tried = fix === undefined ? [] : [{ ...fix, isDone: true, hasStarted: false }];
        const second = diagnosed(tried, 'X was edited. The log says why.');
        expect(second.fixes.map(({ action }) => action)).toEqual(['journal.vacuum', 'packages.removeKernels']);
        expect(second.cause).toBe('The log says why.');
        expect(second.summary).toContain('The fix did not help');
    });
});
