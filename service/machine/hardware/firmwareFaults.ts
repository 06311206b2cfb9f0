import { _ } from '../../i18n/i18n.ts';

/** As the Firmware Test Suite grades them (fwts, data/klog.json). */
export type FirmwareGrade = 'critical' | 'high' | 'medium' | 'low';

export type FirmwareFault = {
    /** Stable, for scripts. */
    id: string;
    grade: FirmwareGrade;
    title: string;
    /** What it means, and what the owner or maker of the computer could do. */
    advice: string;
    /** How many lines of the kernel report it. */
    count: number;
    /** The first of them. */
    line: string;
};

type Kind = {
    id: string;
    grade: FirmwareGrade;
    pattern: RegExp;
    title: () => string;
    advice: () => string;
};

/** The kernel's own marks: FW_BUG, FW_WARN and FW_INFO of include/linux/printk.h. */
const kinds: readonly Kind[] = [
    {
        id: 'memory-hidden',
        grade: 'critical',
        pattern: /BIOS bug: CPU MTRRs don't cover all of memory/i,
        title: () => _('The firmware leaves part of the memory unused'),
        advice: () => _('Update the firmware (BIOS). Its memory or cache settings may also help.'),
    },
    {
        id: 'memory-map',
        grade: 'critical',
        pattern: /Cannot find an available gap in the 32-bit address range/i,
        title: () => _('The firmware leaves no addresses for devices'),
        advice: () => _('Some devices may not work. Update the firmware (BIOS), or enable “Above 4G decoding” in it.'),
    },
    {
        id: 'memory-corruption',
        grade: 'high',
        pattern: /Corrupted low memory at|Memory corruption detected in low memory/i,
        title: () => _('The firmware overwrites memory'),
        advice: () => _('Programs may crash without another reason. Update the firmware (BIOS).'),
    },
    {
        id: 'temperature-limit',
        grade: 'critical',
        pattern: /Invalid (?:critical|active\d) threshold|No valid trip found/i,
        title: () => _('The firmware gives no valid temperature limit'),
        advice: () => _('The kernel may not react in time when the computer gets too hot. Update the firmware (BIOS).'),
    },
    {
        id: 'acpi-code',
        grade: 'critical',
        pattern:
            /Could not resolve symbol .*AE_NOT_FOUND|ACPI (?:BIOS )?Error.*psparse-\d|unknown opcode|unsupported executable opcode|Denied AML access to port|AE_AML_METHOD_LIMIT|maximum reentrancy limit/i,
        title: () => _('The firmware’s ACPI program has errors'),
        advice: () =>
            _(
                'What it controls may not work: power, sleep, function keys, the battery’s charge. Update the firmware (BIOS), or report it to the maker.',
            ),
    },
    {
        id: 'acpi-duplicate',
        grade: 'high',
        pattern: /AE_ALREADY_EXISTS/,
        title: () => _('The firmware’s ACPI tables define something twice'),
        advice: () =>
            _('The kernel ignores the second definition. Usually nothing is lost; a firmware update may fix it.'),
    },
    {
        id: 'acpi-address-conflict',
        grade: 'low',
        pattern: /ACPI Warning: System(?:IO|Memory) range .* conflicts with/i,
        title: () => _('A driver and the firmware use the same addresses'),
        advice: () => _('The driver leaves the device to the firmware. A sensor may be missing; nothing else is lost.'),
    },
    {
        id: 'acpi-checksum',
        grade: 'medium',
        pattern: /ACPI (?:BIOS )?Warning.*Incorrect checksum in table/i,
        title: () => _('An ACPI table of the firmware has a wrong checksum'),
        advice: () => _('The kernel uses it all the same. A firmware update may fix it.'),
    },
    {
        id: 'acpi-thermal-zone',
        grade: 'low',
        pattern: /thermal zone will be disabled/i,
        title: () => _('The firmware describes a temperature sensor that cannot be used'),
        advice: () => _('The kernel ignores this sensor.'),
    },
    {
        id: 'embedded-controller',
        grade: 'high',
        pattern: /ACPI: EC: .*(?:timeout|failed)|AE_TIME\b/i,
        title: () => _('The embedded controller does not answer in time'),
        advice: () =>
            _(
                'Keyboard, battery and fan may react late. Switch the computer off for a minute, without mains power; if it stays, update the firmware (BIOS).',
            ),
    },
    {
        id: 'lid',
        grade: 'high',
        pattern: /lid device is not compliant to SW_LID/i,
        title: () => _('The firmware reports the lid in a wrong way'),
        advice: () => _('Closing or opening the lid may go unnoticed. Update the firmware (BIOS).'),
    },
    {
        id: 'brightness',
        grade: 'high',
        pattern: /misses _BQC function|_BCQ is used instead of _BQC|_BQC returned an invalid level/i,
        title: () => _('The firmware does not report the screen’s brightness correctly'),
        advice: () => _('The brightness may jump or be lost at the next start. Update the firmware (BIOS).'),
    },
    {
        id: 'processor-states',
        grade: 'high',
        pattern: /BIOS needs update for CPU frequency support|_PSS objects|limiting to C\d|limited to max C-state/i,
        title: () => _('The firmware limits how the processor saves power'),
        advice: () => _('It may run hotter or slower than it could. Update the firmware (BIOS).'),
    },
    {
        id: 'processor-idle',
        grade: 'medium',
        pattern: /C-state latencies out of order|ACPI MWAIT C-state .* not supported by HW/i,
        title: () => _('The firmware describes the processor’s idle states wrongly'),
        advice: () => _('The kernel works around it.'),
    },
    {
        id: 'microcode',
        grade: 'medium',
        pattern: /please update microcode to version|[Oo]ld microcode|microcode is too old|microcode: .*failed/i,
        title: () => _('The processor runs old microcode'),
        advice: () =>
            _(
                'Install your distribution’s microcode package for the processor (Intel or AMD), or update the firmware (BIOS).',
            ),
    },
    {
        id: 'virtualisation-off',
        grade: 'low',
        pattern: /(?:VMX|SVM|kvm|VT).*disabled by (?:the )?BIOS/i,
        title: () => _('Virtualisation is switched off in the firmware'),
        advice: () =>
            _('Virtual machines are slow without it. It is an option of the firmware’s setup (VT-x, AMD-V or SVM).'),
    },
    {
        id: 'processor-bias',
        grade: 'low',
        pattern: /ENERGY_PERF_BIAS: Set to/,
        title: () => _('The firmware set the processor to its highest performance'),
        advice: () => _('The kernel set it to normal, so nothing needs to be done.'),
    },
    {
        id: 'mtrr',
        grade: 'medium',
        pattern: /mtrr: .*(?:incorrect mask|inconsistent)/i,
        title: () => _('The firmware sets up the processors’ memory ranges inconsistently'),
        advice: () => _('The kernel corrects it.'),
    },
    {
        id: 'mtrr-space',
        grade: 'high',
        pattern: /mtrr: .*(?:no more MTRRs available|not aligned|may hang)|MTRR allocation failed/i,
        title: () => _('The firmware leaves no memory ranges for the graphics'),
        advice: () => _('Graphics may be slow. Update the firmware (BIOS).'),
    },
    {
        id: 'pci-configuration',
        grade: 'medium',
        pattern:
            /MMCONFIG.*not reserved|not reserved in ACPI motherboard resources|PCI.*BIOS Bug|no secondary bus range in _CRS/i,
        title: () => _('The firmware describes the PCI bus incompletely'),
        advice: () => _('The kernel uses the older access where it has to. Usually nothing is lost.'),
    },
    {
        id: 'pci-control',
        grade: 'critical',
        pattern: /_OSC (?:request|evaluation) failed/,
        title: () => _('The firmware does not hand over PCI Express'),
        advice: () =>
            _('Saving power and plugging in devices such as Thunderbolt may not work. Update the firmware (BIOS).'),
    },
    {
        id: 'pci-addresses',
        grade: 'medium',
        pattern:
            /BAR \d+.*: (?:can't assign|failed to assign|no space for)|can't claim BAR|no compatible bridge window|address space collision/i,
        title: () => _('The firmware gave devices addresses that cannot be used'),
        advice: () =>
            _(
                'A device may be missing or limited. “Above 4G decoding” in the firmware’s setup, or an update, may help.',
            ),
    },
    {
        id: 'apic',
        grade: 'high',
        pattern:
            /BIOS bug.*(?:APIC|IRQ|timer)|MPTABLE: (?:bad|checksum|null|no )|bogus (?:zero )?(?:IO-)?APIC|APIC (?:never delivered|delivery error)/i,
        title: () => _('The firmware describes the interrupts wrongly'),
        advice: () => _('Devices may react late or not at all. Update the firmware (BIOS).'),
    },
    {
        id: 'iommu',
        grade: 'high',
        pattern:
            /DMAR: .*(?:BIOS|Firmware|firmware).*(?:broken|[Bb]ug|fault)|Your BIOS is broken|AMD-Vi: .*Firmware Bug/,
        title: () => _('The firmware describes the memory protection of devices wrongly'),
        advice: () => _('Passing devices to virtual machines may fail. Update the firmware (BIOS).'),
    },
    {
        id: 'efi',
        grade: 'high',
        pattern:
            /efi: .*(?:[Ff]ailed|Could not|Couldn't|disabl(?:ed|ing) (?:EFI|due)|overflow)|Page fault caused by firmware|EFI [Rr]untime [Ss]ervices .*(?:disabled|unavailable|non-functional)/,
        title: () => _('The firmware’s EFI services fail'),
        advice: () => _('Start entries and firmware updates may not be stored. Update the firmware.'),
    },
    {
        id: 'battery',
        grade: 'medium',
        pattern: /\(dis\)charge rate invalid|The _BIX method is broken/i,
        title: () => _('The firmware reports the battery wrongly'),
        advice: () => _('The time that is left may be wrong.'),
    },
    {
        id: 'acpi-address-width',
        grade: 'high',
        pattern:
            /ACPI (?:BIOS )?Warning.*(?:32\/64X? ?.*mismatch|Optional (?:FADT )?field.*zero (?:address|length)|Invalid length for)/i,
        title: () => _('The firmware’s ACPI tables contradict each other'),
        advice: () => _('The kernel chooses one of the values. A firmware update may fix it.'),
    },
    {
        id: 'acpi-error',
        grade: 'high',
        pattern: /ACPI (?:BIOS )?(?:Error|Exception)|Method (?:parse\/)?execution failed/i,
        title: () => _('The firmware’s ACPI program fails'),
        advice: () =>
            _(
                'If sleep, function keys, sensors and the battery’s charge work, nothing is lost. If not, update the firmware (BIOS), or report it to the maker.',
            ),
    },
    {
        id: 'acpi-warning',
        grade: 'high',
        pattern: /ACPI (?:BIOS )?Warning/i,
        title: () => _('The firmware’s ACPI tables deviate from the standard'),
        advice: () => _('The kernel works around it. A firmware update may fix it.'),
    },
    {
        id: 'firmware-warning',
        grade: 'medium',
        pattern: /\[Firmware Warn\]/,
        title: () => _('The firmware is not quite as it should be'),
        advice: () => _('The kernel works around it.'),
    },
    {
        id: 'firmware-note',
        grade: 'low',
        pattern: /\[Firmware Info\]|\[Firmware Bug\]: .*_OSI.*ignored|defines _DOD but not _DOS|No _BQC method/,
        title: () => _('The kernel notes a peculiarity of the firmware'),
        advice: () => _('Nothing needs to be done.'),
    },
    {
        id: 'firmware-bug',
        grade: 'high',
        pattern: /\[Firmware Bug\]/,
        title: () => _('The kernel works around a bug of the firmware'),
        advice: () => _('A firmware update (BIOS) may fix it. If everything works, nothing needs to be done.'),
    },
];

/** What a line must contain to be one of them: a pattern of PCRE for `journalctl --grep`. */
export const firmwareWords =
    'ACPI|BIOS|by bios|[Ff]irmware|mtrr|MTRR|[Mm]icrocode|efi: |EFI |MPTABLE|APIC|C-state|BAR |bridge window|address space collision|thermal|low memory|trip found|MMCONFIG|charge rate|32-bit address range|threshold|ENERGY_PERF_BIAS|_OSC';

const rank = { critical: 0, high: 1, medium: 2, low: 3 } as const;
const lineLimit = 300;

/**
 * What the kernel says is wrong with the firmware (BIOS, ACPI tables, microcode): the gravest first.
 *
 * @param messages of the kernel since its start
 */
export function firmwareFaults(messages: Iterable<string>): FirmwareFault[] {
    const found = new Map<Kind, { count: number; line: string }>();
    for (const message of messages) {
        const kind = kinds.find(({ pattern }) => pattern.test(message));
        if (kind === undefined) continue;
        const known = found.get(kind);
        if (known === undefined) found.set(kind, { count: 1, line: message.slice(0, lineLimit) });
        else known.count += 1;
    }
    return [...found]
        .map(([{ id, grade, title, advice }, { count, line }]) => ({
            id,
            grade,
            title: title(),
            advice: advice(),
            count,
            line,
        }))
        .sort((one, other) => rank[one.grade] - rank[other.grade]);
}
