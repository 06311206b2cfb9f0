import { analyseExport, analyseText } from '../detection/recordings.ts';
import { EntryWriter } from '../../support/journals.ts';

/** Lines of a kernel's ring buffer, a tenth of a second apart. */
function ofKernel(...messages: string[]): string[] {
    return messages.map((message, index) => `[ 6100.${index}00000] ${message}`);
}

/** The same in a journal. */
function asJournal(messages: readonly string[]): string {
    const writer = new EntryWriter();
    return messages
        .map(MESSAGE => writer.entry({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', MESSAGE }))
        .join('');
}

function incidentsIn(lines: readonly string[]) {
    return analyseText(lines)
        .incidents()
        .map(({ family, kind, subject, affected }) => [family, kind, subject, affected]);
}

/** drivers/usb/core/hub.c, drivers/scsi and block/blk-core.c of Linux. */
const plugged = [
    'usb 1-2: New USB device found, idVendor=0781, idProduct=5581, bcdDevice= 1.00',
    'usb-storage 1-2:1.0: USB Mass Storage device detected',
    'scsi host6: usb-storage 1-2:1.0',
    'sd 6:0:0:0: [sdb] Attached SCSI removable disk',
];
const readError = 'I/O error, dev sdb, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2';
const gone = 'usb 1-2: USB disconnect, device number 5';

describe('The incident of a cause', () => {
    const unplugged = [['usb', 'disconnected', '1-2', ['sdb']]];

    it('is that of the plug when a disk fails with its USB device, whichever is reported first', () => {
        expect(incidentsIn(ofKernel(...plugged, readError, gone))).toEqual(unplugged);
        expect(incidentsIn(ofKernel(...plugged, gone, readError))).toEqual(unplugged);
        for (const lines of [
            [readError, gone],
            [gone, readError],
        ]) {
            const [incident, ...more] = analyseExport(asJournal([...plugged, ...lines])).incidents();
            expect([incident?.family, incident?.affected, more.length]).toEqual(['usb', ['sdb'], 0]);
            expect(incident?.evidence.map(({ message }) => message)).toContain(readError);
        }
    });

    it('is that of the hub to which the disk is connected', () => {
        const behind = plugged.map(line => line.replaceAll('1-2', '1-4.3'));
        const lines = [...behind, readError, 'usb 1-4: USB disconnect, device number 2'];
        expect(incidentsIn(ofKernel(...lines))).toEqual([['usb', 'disconnected', '1-4', ['sdb']]]);
    });

    it('is none when nothing was in use, or another device was unplugged', () => {
        expect(incidentsIn(ofKernel(...plugged, gone))).toEqual([]);
        expect(incidentsIn(ofKernel(...plugged, readError, 'usb 1-3: USB disconnect, device number 9'))).toEqual([
            ['disk', 'io-error', 'sdb', []],
        ]);
    });

    it('is none much later, in a log without dates, too', () => {
        const late = `[ 9999.000000] ${gone}`;
        expect(incidentsIn([...ofKernel(...plugged, readError), late])).toEqual([['disk', 'io-error', 'sdb', []]]);
    });

    it('is that of the disk when its filesystem fails, but not that of another disk', () => {
        const damaged =
            'EXT4-fs error (device sdb1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0';
        expect(incidentsIn(ofKernel(readError, damaged))).toEqual([['disk', 'io-error', 'sdb', ['sdb1']]]);
        expect(incidentsIn(ofKernel(readError, damaged.replace('sdb1', 'sdc1'))).length).toBe(2);
    });

    it('is one for all the firmware that one card lacks, and one for each card', () => {
        const lacks = (card: string, name: string) =>
            `r8169 ${card}: Direct firmware load for rtl_nic/${name}.fw failed with error -2`;
        const lines = ['a', 'b', 'c'].map(name => lacks('0000:03:00.0', name));
        expect(incidentsIn(ofKernel(...lines))).toEqual([
            ['usb', 'firmware-missing', 'rtl_nic/a.fw', ['rtl_nic/b.fw', 'rtl_nic/c.fw']],
        ]);
        expect(incidentsIn(ofKernel(...lines, lacks('0000:05:00.0', 'd'))).length).toBe(2);
    });

    it('is that of the graphics card, whose driver names it only once, when the Shell crashes', () => {
        const lines = [
            'amdgpu 0000:0a:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=120, emitted seq=122',
            '[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx_0.0.0 timeout, signaled seq=120, emitted seq=122',
            'amdgpu 0000:0a:00.0: amdgpu: GPU reset begin!',
            'gnome-shell[1520]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in libmutter.so.0[167ad8,7fb795a3b000+156000]',
        ];
        expect(incidentsIn(ofKernel(...lines))).toEqual([['graphics', 'driver', '0000:0a:00.0', ['gnome-shell']]]);
    });

    it('is that of the limit when units cannot fork', () => {
        const failing = (unit: string) => [
            `systemd[454]: ${unit}: Failed to spawn executor: Resource temporarily unavailable`,
            `systemd[454]: ${unit}: Failed to spawn 'start' task: Resource temporarily unavailable`,
            `systemd[454]: ${unit}: Failed with result 'resources'.`,
        ];
        const lines = ['a.service', 'b.service', 'c.service'].flatMap(failing);
        expect(incidentsIn(lines.map(line => `Jan 26 10:12:39 box ${line}`))).toEqual([
            ['limits', 'processes', 'processes', ['a.service', 'b.service', 'c.service']],
        ]);
    });

    it('is that of the link when names cannot be resolved after it went down', () => {
        const found = incidentsIn([
            'Nov  1 12:26:25 box kernel: [ 5220.005946] e1000e 0000:00:19.0 eth0: NETDEV WATCHDOG: eth0 (e1000e): transmit queue 0 timed out',
            'Nov  1 12:26:45 box NetworkManager[558]: <warn>  [1541089634.6651] dhcp4 (eth0): request timed out',
        ]);
        expect(found.map(([family]) => family)).toEqual(['link']);
    });

    it('is that of the unit whose name follows its description', () => {
        const lines = [
            'Dependency failed for PipeWire Media Session Manager.',
            "pipewire-media-session.service: Job pipewire-media-session.service/start failed with result 'dependency'.",
        ];
        expect(incidentsIn(lines.map(line => `Apr 23 09:32:40 box systemd[1560]: ${line}`)).length).toBe(1);
    });
});

describe('The evidence of a failed unit', () => {
    it('is not what its process said two days before', () => {
        const writer = new EntryWriter(1_700_000_000_000_000);
        const later = new EntryWriter(1_700_172_800_000_000);
        const of = { UNIT: 'lid.service', INVOCATION_ID: 'c'.repeat(32) };
        const journal =
            writer.unitLine('lid.service', 'Lid closed.') +
            later.unitLine('lid.service', 'The bus is gone.') +
            later.manager({ ...of, MESSAGE: 'lid.service: Main process exited, code=exited, status=1/FAILURE' }) +
            later.manager({ ...of, UNIT_RESULT: 'exit-code', MESSAGE: "lid.service: Failed with result 'exit-code'." });
        const messages = analyseExport(journal)
            .incidents()
            .flatMap(({ evidence }) => evidence.map(({ message }) => message));
        expect(messages).toContain('The bus is gone.');
        expect(messages).not.toContain('Lid closed.');
    });
});
