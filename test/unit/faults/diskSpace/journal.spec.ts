import type { Check } from '../../../../service/diagnosis/check.ts';
import { isFull } from '../../../../service/faults/diskSpace/recovery.ts';
import { diagnose, findingsOf, incidentOf } from '../../../support/faultyComputer.ts';

const complaint = {
    _UID: 1000,
    _COMM: 'backup',
    _SYSTEMD_USER_UNIT: 'backup.service',
    MESSAGE: 'cannot write /var/backup/today: No space left on device',
};
const gigabyte = 1024 ** 3;

describe('A program that finds no space left', () => {
    const check =
        (gone: boolean, isUnknown = false): Check =>
        () =>
            Promise.resolve({ gone, detail: '', ...(isUnknown && { isUnknown }) });

    it('is an incident of the disk where one is full, and freeing space is offered', async () => {
        const [finding, ...others] = await findingsOf(complaint, check(false));
        expect(others).toEqual([]);
        expect(finding).toEqual(
            jasmine.objectContaining({ family: 'disk-space', kind: 'full', scope: 'system', subject: 'disk' }),
        );
        const { fixes } = diagnose(incidentOf('disk-space', 'full', { ...finding }));
        expect(fixes.map(({ action }) => action)).toEqual([
            'packages.cleanCache',
            'journal.vacuum',
            'packages.removeKernels',
        ]);
    });

    it('is an incident of the disk that is full, the same as when little was left on it', async () => {
        const found = { subject: '/home', facts: { place: '/home' } };
        const isFullThere: Check = () => Promise.resolve({ gone: false, detail: '', found });
        const [finding] = await findingsOf(complaint, isFullThere);
        expect(finding).toEqual(jasmine.objectContaining({ scope: 'system', ...found }));
        expect(diagnose(incidentOf('disk-space', 'full', { ...finding })).fixes).toEqual([]);
    });

    it('is believed at once where it is journald, of its own files', async () => {
        const fields = { _UID: 0, _COMM: 'systemd-journal', _SYSTEMD_UNIT: 'systemd-journald.service' };
        const MESSAGE = 'Failed to create new system journal: No space left on device';
        const found = await findingsOf({ ...fields, SYSLOG_IDENTIFIER: 'systemd-journald', MESSAGE }, check(true));
        expect(found.map(({ family, kind }) => ({ family, kind }))).toEqual([
            { family: 'disk-space', kind: 'journal' },
        ]);
    });

    it('is not what dockerd says of a control group that takes no process', async () => {
        const fields = { _UID: 0, _COMM: 'dockerd', _SYSTEMD_UNIT: 'docker.service', SYSLOG_IDENTIFIER: 'dockerd' };
        const MESSAGE =
            'OCI runtime create failed: write /sys/fs/cgroup/cpuset/docker/tasks: no space left on device: unknown';
        expect(await findingsOf({ ...fields, MESSAGE }, check(true))).toEqual([]);
    });

    it('is none where no disk is full, or nobody knows', async () => {
        expect(await findingsOf(complaint, check(true))).toEqual([]);
        expect(await findingsOf(complaint, check(false, true))).toEqual([]);
    });

    it('is a sign of what failed of it', async () => {
        const failed = incidentOf('unit', 'exit-code', { scope: 'user', subject: 'backup.service' });
        const units = {
            findUnit: ({ subject }: { subject: string }) => (subject === failed.subject ? failed : undefined),
        };
        const [finding] = await findingsOf(complaint, check(false), units);
        expect(finding?.scope).toBe('user');
        expect(finding?.facts.reasonOf).toBe('backup.service');
    });

    it('means what holds the files of others, and not what reports something else so', async () => {
        const message = 'Failed to add watch for /home: No space left on device';
        const found = await findingsOf({ ...complaint, MESSAGE: message }, check(false));
        expect(found.map(({ family }) => family)).toEqual(['limits']);
    });
});

describe('A filesystem that gets full', () => {
    const filesystem = { used: 99 * gigabyte, available: gigabyte / 4, readOnly: false, inodesUsed: 0.1 };

    it('is so when next to nothing fits, or no file', () => {
        expect(isFull(filesystem)).toBeTrue();
        expect(isFull({ ...filesystem, available: gigabyte })).toBeFalse();
        expect(isFull({ ...filesystem, used: gigabyte })).toBeFalse();
        expect(isFull({ ...filesystem, used: gigabyte, inodesUsed: 1 })).toBeTrue();
        expect(isFull({ ...filesystem, readOnly: true })).toBeFalse();
    });
});
