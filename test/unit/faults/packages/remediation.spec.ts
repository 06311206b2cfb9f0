import { faultyComputer, incidentOf, minute } from '../../../support/faultyComputer.ts';

describe('Packages', () => {
    const computer = faultyComputer();

    it('checks the package manager itself', async () => {
        const interrupted = incidentOf('packages', 'interrupted');
        const listed = 'dpkg-query --show --showformat ${db:Status-Abbrev}|${binary:Package}\\n';
        expect(await computer.isGone(interrupted)).toBeFalse();
        for (const status of ['iF ', 'iU ', 'iH ', 'iiR', 'iFR']) {
            computer.output[listed] = `ii |bash\n${status}|libc6:i386\nii |zsh\n`;
            expect(await computer.isGone(interrupted))
                .withContext(status)
                .toBeFalse();
        }
        // Without an answer nothing is known, as of other package managers.
        computer.output[listed] = '';
        expect(await computer.isGone(interrupted)).toBeFalse();
        expect(await computer.isGone(interrupted, 37 * 60 * minute)).toBeTrue();
        computer.output[listed] = 'ii |bash\niF |broken\n';
        expect(await computer.isGone(interrupted, 37 * 60 * minute)).toBeFalse();
        computer.output[listed] = 'ii |bash\nrc |gone\nhi |held\nit |man-db\niW |waits\nun |never\n';
        computer.write('var/lib/dpkg/updates/0001', '');
        expect(await computer.isGone(interrupted)).toBeFalse();
        computer.remove('var/lib/dpkg/updates/0001');
        expect(await computer.isGone(interrupted)).toBeTrue();
        // It knows nothing about an upgrade that was refused as a whole, and that the log reported.
        const refused = incidentOf('packages', 'broken');
        expect(await computer.isGone(refused, 35 * 60 * minute)).toBeFalse();
        expect(await computer.isGone(refused, 37 * 60 * minute)).toBeTrue();
        expect(await computer.isGone(refused, 0, { afterFix: true })).toBeTrue();
        expect(await computer.isGone(incidentOf('packages', 'broken', { facts: { manager: 'dpkg' } }))).toBeTrue();
    });
});
