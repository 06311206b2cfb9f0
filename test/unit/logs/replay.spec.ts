import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { replay } from '../../logs/replay.ts';

describe('The replay of a log', () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-replay-spec-'));
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    /** @returns the days, and the titles of what would have been announced */
    async function replayed(...lines: string[]): Promise<[number, ...string[]]> {
        const path = join(directory, 'log');
        writeFileSync(path, `${lines.join('\n')}\n`);
        const { days, announced } = await replay(path);
        return [days, ...announced.map(({ title }) => title)];
    }

    /** As many as make a log no excerpt of one. */
    const plain = Array.from(
        { length: 150 },
        (_none, index) => `2026-03-02T09:20:00+00:00 laptop cron[${index}]: begun`,
    );
    const failed = (date: string, unit: string) => [
        `${date} laptop systemd[1]: ${unit}: Main process exited, code=exited, status=1/FAILURE`,
        `${date} laptop systemd[1]: ${unit}: Failed with result 'exit-code'.`,
    ];

    it('announces a fault once, and counts the days that have lines', async () => {
        const lines = [
            ...failed('2026-03-02T10:00:00+00:00', 'backup.service'),
            ...failed('2026-03-02T12:00:00+00:00', 'backup.service'),
            '2026-03-05T10:30:00+00:00 laptop systemd[1]: Started Session 4 of User alice.',
        ];
        expect(await replayed(...lines)).toEqual([2, 'backup.service failed']);
    });

    it('announces a fault again when it comes again after the subject was well', async () => {
        const lines = [
            ...failed('2026-03-02T10:00:00+00:00', 'backup.service'),
            '2026-03-02T10:20:00+00:00 laptop systemd[1]: Started backup.service - Backup.',
            ...failed('2026-03-02T12:00:00+00:00', 'backup.service'),
        ];
        expect(await replayed(...lines)).toEqual([1, 'backup.service failed', 'backup.service failed']);
    });

    it('announces nothing that the end of a session explains in the next line', async () => {
        const lines = [
            'Apr 06 17:49:27 laptop gnome-shell[1680]: Connection to xwayland lost',
            'Apr 06 17:49:27 laptop gnome-shell[1680]: Xwayland terminated, exiting since it was mandatory',
            'Apr 06 17:49:27 laptop gdm-launch-environment][1622]: pam_unix(gdm-launch-environment:session): session closed for user gdm',
        ];
        expect(await replayed(...lines)).toEqual([1]);
        expect(await replayed(...lines.slice(0, 2))).toEqual([1, jasmine.stringMatching('desktop')]);
    });

    it('announces no sign', async () => {
        const line = (second: number) => `[  9${second}.100000] e1000e 0000:03:00.0 enp3s0: NIC Link is Down`;
        expect(await replayed(line(10))).toEqual([1]);
    });

    it('announces nothing that works a moment later', async () => {
        const says = (second: number, message: string) =>
            `2026-03-02T10:20:0${second}+00:00 laptop NetworkManager[700]: <info> device (ens33): Activation: ${message}`;
        const lost = says(0, `failed for connection 'Wired connection 1'`);
        expect(await replayed(lost, says(6, 'successful, device activated.'))).toEqual([1]);
        expect(await replayed(lost, says(9, 'successful, device activated.'))).toEqual([
            1,
            jasmine.stringMatching('could not connect'),
        ]);
    });

    it('announces no cause of what works a moment later', async () => {
        const at = (second: number, message: string) => `Jun 22 13:17:0${second} laptop ${message}`;
        const lines = [
            at(0, 'kernel: iwlwifi 0000:00:14.3: Direct firmware load for iwlwifi-72.ucode failed with error -2'),
            at(1, 'kernel: iwlwifi 0000:00:14.3 wlo1: renamed from wlan0'),
            at(3, "NetworkManager[891]: device (wlo1): Activation: failed for connection 'Home'"),
        ];
        const works = at(6, 'NetworkManager[891]: device (wlo1): Activation: successful, device activated.');
        expect(await replayed(...plain, ...lines)).toEqual([2, 'The firmware iwlwifi is missing']);
        expect(await replayed(...plain, ...lines, works)).toEqual([2]);
    });

    it('announces no refresh of what can be installed that failed once', async () => {
        const fails = (hour: number) =>
            `2026-03-02T1${hour}:20:00+00:00 laptop snap-store[2246]: not handling error failed for action refresh: E: Failed to fetch http://archive.example.org/InRelease`;
        expect(await replayed(...plain, fails(0))).toEqual([1]);
        const often = [fails(0), fails(1), fails(2)];
        expect(await replayed(...plain, ...often)).toEqual([1, 'Updates cannot be downloaded']);
    });

    it('announces no crash of a helper, which its program survives', async () => {
        const crash = (name: string) =>
            `2026-03-02T10:20:00+00:00 laptop kernel: ${name}[6595]: segfault at 8 ip 00001cfe046e0447 sp 00007fa3abbc9c40 error 4`;
        for (const helper of ['DedicatedWorker', 'ThreadPoolSingl', '.ibus-x11-wrapp'])
            expect(await replayed(crash(helper))).toEqual([1]);
        expect(await replayed(crash('nautilus'))).toEqual([1, 'nautilus crashed']);
    });

    it('announces together what fails in the minute of a start', async () => {
        const lines = [
            '2026-03-02T10:00:00+00:00 laptop kernel: Linux version 6.12.0-1-amd64',
            ...failed('2026-03-02T10:00:20+00:00', 'backup.service'),
            ...failed('2026-03-02T10:00:21+00:00', 'mirror.service'),
        ];
        expect((await replayed(...lines)).length).toBe(2);
    });

    it('counts a start as a day where the lines have no date', async () => {
        const boot = ['[    0.000000] Linux version 6.12.0-1-amd64', '[  500.000000] usb 1-1: new USB device'];
        expect(await replayed(...boot, ...boot)).toEqual([2]);
    });
});
