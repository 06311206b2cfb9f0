import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { analyseText } from './recordings.ts';

function analyse(lines: readonly string[]) {
    return analyseText(lines.map((line, index) => `[  900.${String(index).padStart(6, '0')}] ${line}`)).incidents();
}

function incidentsOf(lines: readonly string[]): string[] {
    return analyse(lines).map(({ title }) => title);
}

// drivers/usb/host/xhci-ring.c and drivers/usb/core/hub.c.
const died = [
    'xhci_hcd 0000:3a:00.0: xHCI host controller not responding, assume dead',
    'xhci_hcd 0000:3a:00.0: HC died; cleaning up',
    'usb usb4: USB disconnect, device number 1',
    'usb 4-1: USB disconnect, device number 2',
];

/** As many as make a log no excerpt of one. */
const others = Array.from(
    { length: 200 },
    (_none, index) => `input: a keyboard as /devices/virtual/input/input${index}`,
);

describe('A hub that is unplugged', () => {
    const unplugged = ['3-3', '3-3.1', '3-3.1.4', '3-3.2'].map(port => `usb ${port}: USB disconnect, device number 9`);

    it('takes along what is plugged into it, which harms nobody', () => {
        expect(incidentsOf(unplugged)).toEqual([]);
    });

    it('harms who used a disk behind it', () => {
        const disk = [
            'scsi host6: usb-storage 3-3.1.4:1.0',
            'sd 6:0:0:0: [sdb] Attached SCSI disk',
            ...unplugged,
            'EXT4-fs error (device sdb1): ext4_journal_check_start:83: comm cp: Detected aborted journal',
        ];
        expect(incidentsOf(disk)).toEqual([jasmine.stringMatching(/was disconnected while it was in use/)]);
    });
});

describe('A disk whose port is gone', () => {
    const disk = ['scsi host6: usb-storage 4-1:1.0', 'sd 6:0:0:0: [sdb] Attached SCSI disk'];
    const gone = 'usb 4-1: USB disconnect, device number 2';
    const lost = 'I/O error, dev sdb, sector 1048576 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2';
    const evidenceOf = (lines: readonly string[]) =>
        analyse(lines).flatMap(({ evidence }) => evidence.map(({ message }) => message));

    it('was unplugged, if nothing failed before', () => {
        expect(evidenceOf([...disk, gone, lost])).toEqual([]);
    });

    it('is harmed by what is above the port and failed before', () => {
        const usb = 'xhci_hcd 0000:3a:00.0: new USB bus registered, assigned bus number 4';
        expect(evidenceOf([usb, ...disk, ...died, lost])).toContain(lost);
    });

    it('is harmed by what the port showed before, though that alone harms nobody', () => {
        const sign = 'usb 4-1: device not accepting address 2, error -71';
        expect(evidenceOf([...others, ...disk, sign, gone, lost])).toContain(lost);
    });
});

describe('What a later line may explain', () => {
    const verdictsOf = (line: string) => new TextDetector().feed(new TextLogEntry(Buffer.from(line), 1, 0));

    it('is announced only when no such line has come', () => {
        expect(
            verdictsOf(
                'Nov 20 12:00:01 pc packagekitd[8]: Some index files failed to download. They have been ignored.',
            ),
        ).toEqual([jasmine.objectContaining({ mayBeExplained: true })]);
        const [failed] = verdictsOf('Nov 20 12:00:01 pc kernel: EXT4-fs error (device sda1): bad block in group 7');
        expect(failed).toEqual(jasmine.objectContaining({ finding: jasmine.anything() }));
        expect(failed).not.toEqual(jasmine.objectContaining({ mayBeExplained: true }));
    });
});

describe('The controller of a dock', () => {
    for (const removal of [
        'pcieport 0000:00:1c.4: pciehp: Slot(4): Card not present',
        'thunderbolt 0-1: device disconnected',
        'xhci_hcd 0000:3a:00.0: remove, state 1',
    ]) {
        it(`is gone when the dock is: ${removal}`, () => {
            expect(incidentsOf([removal, ...died])).toEqual([]);
            expect(incidentsOf([...died, removal])).toEqual([]);
        });
    }

    it('fails when nobody took it out', () => {
        expect(incidentsOf(died)).toEqual(['A USB controller stopped working']);
    });
});

describe('An interrupt that the IOMMU stops', () => {
    const around = (before: string, after: string) =>
        Array.from({ length: 4 }, (_none, index) => [
            `[ ${1000 + index * 300}.000000] ${before}`,
            `[ ${1000 + index * 300}.100000] DMAR: DRHD: handling fault status reg 2`,
            `[ ${1000 + index * 300}.100100] DMAR: [INTR-REMAP] Request device [f0:1f.0] fault index 0x0 [fault reason 0x25] Blocked a compatibility format interrupt request`,
            `[ ${1000 + index * 300}.900000] ${after}`,
        ]).flat();
    const kindsOf = (lines: readonly string[]) =>
        analyseText([...lines, ...others.map(line => `[ 9000.000000] ${line}`)])
            .incidents()
            .map(({ kind }) => kind);

    it('is ordinary while the computer wakes up, and only then', () => {
        expect(kindsOf(around('ACPI: PM: Low-level resume complete', 'PM: suspend exit'))).toEqual([]);
        expect(kindsOf(around(others[0] ?? '', others[1] ?? ''))).toEqual(['pcie-error']);
    });
});
