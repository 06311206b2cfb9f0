import { EntryWriter } from '../../../support/journals.ts';
import type { Fields } from '../../../support/journals.ts';
import { analyseExport, analyseText } from '../../detection/recordings.ts';

/** Of few lines, a flag is an incident of its own, too. */
function incidents(lines: readonly string[]) {
    const all = analyseText(lines.map(line => `Nov 20 ${line}`)).incidents();
    return all.filter(({ family }) => family === 'reboot');
}

const replayed = '12:00:01 pc kernel: EXT4-fs (nvme0n1p2): recovery complete';
const fsck = '12:00:01 pc systemd-fsck[572]: /dev/nvme0n1p9: recovering journal';
const flagged =
    '12:00:04 pc kernel: FAT-fs (nvme0n1p1): Volume was not properly unmounted. Some data may be corrupt. Please run fsck.';
const log = (file: string) =>
    `12:00:05 pc systemd-journald[283]: File /var/log/journal/aafba7bded004a5485c95687a837c117/${file} corrupted or uncleanly shut down, renaming and replacing.`;

describe('A stop without a shutdown', () => {
    it('is what two kinds of things that were left open at one start have in common', () => {
        for (const lines of [
            [replayed, flagged],
            [fsck, log('system.journal')],
            [flagged, log('system.journal')],
        ]) {
            const [incident, ...others] = incidents(lines);
            expect(others).toEqual([]);
            expect(incident).toEqual(
                jasmine.objectContaining({ family: 'reboot', kind: 'unclean', subject: 'system', severity: 'low' }),
            );
            expect(incident?.evidence.map(({ line }) => line)).toEqual([1, 2]);
        }
    });

    it('is not shown by one kind alone, or by what belongs to another start', () => {
        expect(incidents([replayed, fsck])).toEqual([]);
        expect(incidents([flagged])).toEqual([]);
        expect(incidents([replayed, log('user-1000.journal')])).toEqual([]);
        expect(incidents([replayed, flagged.replace('12:00', '12:09')])).toEqual([]);
    });

    it('is shown by a journal alone that is replayed while the computer starts, whatever the log said before', () => {
        const start = '12:00:00 pc kernel: Linux version 3.4.0 (root@build)';
        const shutdown = '11:59:00 pc systemd[1]: Stopped target Multi-User System.';
        expect(incidents([start, replayed]).length).toBe(1);
        expect(incidents([shutdown, start, replayed]).length).toBe(1);
        expect(incidents(['12:00:01 pc kernel: [    4.117217] EXT4-fs (mmcblk2p10): recovery complete']).length).toBe(
            1,
        );
        // A disk that is plugged in.
        expect(incidents([start, replayed.replace('12:00', '12:05')])).toEqual([]);
        expect(incidents(['12:00:01 pc kernel: [  904.117217] EXT4-fs (sdb1): recovery complete'])).toEqual([]);
    });

    it('is one incident, however much was left open', () => {
        expect(incidents([replayed, fsck, flagged, log('system.journal')]).length).toBe(1);
    });

    it('may be what the processor reports', () => {
        const report = (reason: string) =>
            `12:00:00 pc kernel: x86/amd: Previous system reset reason [0x02000800]: ${reason}`;
        expect(incidents([report('hardware watchdog timer expired')]).map(({ cause }) => cause)).toEqual([
            'Its processor reports why it was reset: hardware watchdog timer expired.',
        ]);
        expect(incidents([report('software wrote 0x6 to reset control register 0xCF9')])).toEqual([]);
    });

    it('is what a log shows that breaks off before a start that replays a journal', () => {
        const daemon = '11:50:01 pc rsyslogd: [origin software="rsyslogd" x-pid="775"] rsyslogd was HUPed';
        const start = '12:00:00 pc kernel: [    0.000000] Linux version 3.13.0-57-generic (buildd@brownie)';
        const [incident, ...others] = incidents([daemon, start, replayed]);
        expect(others).toEqual([]);
        expect(incident?.evidence.map(({ line }) => line)).toEqual([2, 3]);

        // As rsyslog 8.32 of Ubuntu 18.04 writes it; the crash left a hole in the file.
        const spaced = daemon.replace('[origin', ' [origin');
        expect(incidents([spaced, start, replayed]).length).toBe(1);
        expect(
            analyseText([`Nov 20 ${spaced}`, `\0\0\0Nov 20 ${start}`, `Nov 20 ${log('system.journal')}`]).incidents()
                .length,
        ).toBe(1);

        const farewell = '11:59:00 pc rsyslogd: [origin software="rsyslogd" x-pid="775"] exiting on signal 15.';
        const shutdown = '11:59:00 pc systemd[1]: Stopped target Multi-User System.';
        expect(incidents([daemon, farewell, start, log('system.journal')])).toEqual([]);
        expect(incidents([daemon, shutdown, start, log('system.journal')])).toEqual([]);
        expect(incidents([daemon, start])).toEqual([]);
        // Only the kernel writes into this one, which takes no leave.
        expect(incidents([start, log('system.journal')])).toEqual([]);
        expect(incidents([daemon.replace('11:50:01', '12:00:00'), start, log('system.journal')])).toEqual([]);
        // An update restarts the daemon, which takes leave, too.
        const back = '11:59:05 pc rsyslogd: [origin software="rsyslogd" swVersion="8.32.0" x-pid="9"] start';
        const later = start.replace('12:00', '12:30');
        expect(incidents([daemon, farewell, back, later, log('system.journal').replace('12:00', '12:30')]).length).toBe(
            1,
        );
        expect(
            incidents([
                daemon,
                shutdown,
                start,
                daemon,
                start.replace('12:00', '12:20'),
                replayed.replace('12:00', '12:20'),
            ]).length,
        ).toBe(1);
    });

    it('cannot be claimed by another program of the journal', () => {
        const fromProgram = (fields: Fields) => {
            const writer = new EntryWriter();
            const messages = [replayed, flagged].map(line => line.replace(/^.* kernel: /, ''));
            return analyseExport(messages.map(MESSAGE => writer.entry({ ...fields, MESSAGE })).join('')).incidents();
        };
        expect(fromProgram({ _TRANSPORT: 'kernel' }).length).toBe(1);
        expect(fromProgram({ _TRANSPORT: 'stdout', _SYSTEMD_UNIT: 'evil.service', _PID: '900' })).toEqual([]);
    });
});
