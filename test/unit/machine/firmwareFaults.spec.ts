import { firmwareFaults, firmwareWords } from '../../../service/machine/hardware/firmwareFaults.ts';

/** Lines of kernels 3.0 to 6.8, each with its identifier and how severe the Firmware Test Suite calls it. */
const lines: [string, string, string][] = [
    ['memory-hidden', 'critical', "WARNING: BIOS bug: CPU MTRRs don't cover all of memory, losing 1408MB of RAM."],
    ['temperature-limit', 'critical', 'ACPI: Invalid active0 threshold'],
    [
        'acpi-code',
        'critical',
        'ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0.XHC.RHUB.HS11], AE_NOT_FOUND (20230628/dswload2-162)',
    ],
    [
        'acpi-code',
        'critical',
        'ACPI Error: Aborting method \\_SB.PCI0.LPCB.EC0.RTEC due to previous error (AE_NOT_EXIST) (20211217/psparse-529)',
    ],
    ['acpi-duplicate', 'high', 'ACPI Error: AE_ALREADY_EXISTS, During name lookup/catalog (20230628/psobject-220)'],
    [
        'acpi-checksum',
        'medium',
        'ACPI BIOS Warning (bug): Incorrect checksum in table [BGRT] - 0x0D, should be 0xFE (20190816/tbprint-177)',
    ],
    [
        'acpi-address-conflict',
        'low',
        'ACPI Warning: SystemIO range 0x0000000000000B00-0x0000000000000B08 conflicts with OpRegion 0x0000000000000B00-0x0000000000000B0F (\\SOR1) (20220331/utaddress-204)',
    ],
    [
        'acpi-address-width',
        'high',
        'ACPI BIOS Warning (bug): Optional FADT field Pm2ControlBlock has valid Length but zero Address: 0x0000000000000000/0x1 (20230628/tbfadt-615)',
    ],
    ['firmware-note', 'low', '[Firmware Bug]: ACPI: BIOS _OSI(Linux) query ignored'],
    ['firmware-bug', 'high', '[Firmware Bug]: the BIOS has corrupted hw-PMU resources (MSR 38d is 330)'],
    [
        'microcode',
        'medium',
        '[Firmware Bug]: TSC_DEADLINE disabled due to Errata; please update microcode to version: 0xb2 (or later)',
    ],
    ['pci-control', 'critical', 'pci0000:00: ACPI _OSC request failed (AE_NOT_FOUND), returned control mask: 0x1d'],
    ['virtualisation-off', 'low', 'kvm: disabled by bios'],
];

const ordinary = [
    'ACPI: Core revision 20230628',
    'ACPI: EC: EC started',
    'ACPI: EC: interrupt unblocked',
    'BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable',
    'mtrr: your CPUs had consistent settings',
    'microcode: Current revision: 0x000000f0',
    'efi: EFI v2.7 by American Megatrends',
    'iwlwifi 0000:02:00.0: loaded firmware version 77.2df8986f.0',
    'thermal_sys: Registered thermal governor step_wise',
    'pci 0000:00:1f.0: BAR 13: assigned [io 0x1000-0x107f]',
];

describe('Faults of the firmware', () => {
    it('are recognised, as severe as the Firmware Test Suite calls them', () => {
        for (const [id, grade, line] of lines) {
            expect(firmwareFaults([line]).map(fault => [fault.id, fault.grade]))
                .withContext(line)
                .toEqual([[id, grade]]);
            expect(new RegExp(firmwareWords).test(line)).withContext(line).toBeTrue();
        }
    });

    it('are not in what a healthy kernel says', () => {
        expect(firmwareFaults(ordinary)).toEqual([]);
    });

    it('come by kind, the gravest first, with the first line and their number', () => {
        const [first, ...rest] = firmwareFaults([
            'kvm: disabled by bios',
            'ACPI Error: one (20230628/psparse-529)',
            'ACPI Error: two (20230628/psparse-529)',
        ]);
        expect(first).toEqual(jasmine.objectContaining({ id: 'acpi-code', count: 2 }));
        expect(first?.line).toContain('one');
        expect(rest.map(({ id }) => id)).toEqual(['virtualisation-off']);
    });
});
