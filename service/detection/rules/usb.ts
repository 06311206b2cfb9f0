import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily, FaultRule } from '../fault.ts';
import { familyOfDriver } from '../../faults/shared/drivers.ts';
import { bare, diskIn, usbDeviceIn } from '../subjects.ts';
import type { Captures } from '../linePattern.ts';

const probes = [
    '{module}: probe of {device} failed with error -{error:number}',
    '{module} {device}: probe with driver {driver} failed with error -{error:number}',
];
const noDevice = [
    'vesafb',
    'pcspkr',
    'i2c_piix4',
    'i8042',
    'probe of pnp',
    // There is no such device, or it cannot do that: ENODEV and EOPNOTSUPP.
    'failed with error -19',
    'failed with error -95',
];
const driver = {
    kind: 'driver',
    from: 'kernel',
    severity: ({ module = '', driver: name = '', device = '' }) =>
        onBus.test(device) && weighty.has(familyOfDriver((name || module).toLowerCase()) ?? '') ? 'high' : 'low',
    subject: ({ module = '', device = '' }) => bare(module || device) || 'driver',
    title: facts => _('A driver could not start ({subject})', facts),
} satisfies Omit<FaultRule, 'lines'>;
/** A device of PCI, an interface of USB, a function of an SD card, or a keyboard or the like that has told what it is. */
const onBus =
    /^(?:[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]|\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}:\d{1,3}\.\d{1,3}|mmc\d{1,2}:[0-9a-f]{4}(?::\d)?|[0-9a-f]{4}:[0-9a-f]{4}:[0-9a-f]{4}\.[0-9a-f]{4})$/i;
/** EIO, EPROTO, EILSEQ and ETIMEDOUT: it is there, and did not answer as it should. */
const unanswered = new Set(['5', '71', '84', '110']);
/** What boards say that they have, at its address on SPI or I2C or in the device tree. */
const onBoard =
    /^(?:spi\d{1,2}\.\d|i2c-[A-Z\d]{7,8}:\d\d|\d{1,2}-[\da-f]{4}|sound|[\da-f]{3,16}\.(?:can|ethernet|gpu|i2c|mmc|pcie?|sata|sound|spi|usb|wifi))$/i;
const invalid = '22';
/** Without these there is no network, no disk or no picture; without the others the rest of the computer is as it was. */
const weighty = new Set(['disk', 'link', 'wifi', 'graphics']);

const missing = {
    severity: 'low',
    subject: ({ firmware = '', device = '' }: Captures) => bare(firmware || device) || 'firmware',
    title: (facts: Captures) => _('The firmware {subject} is missing', facts),
    cause: () => _('A device needs it to work fully. A package of your distribution usually has it.'),
} as const;

/** The words are those of drivers/usb/core/{hub,message}.c, drivers/usb/host/xhci*.c, drivers/base/firmware_loader and drivers/base/dd.c in Linux, and of udev. */
export const usb: FaultFamily = {
    name: 'usb',
    title: 'USB devices, missing firmware and drivers',
    about: 'A device on USB is not recognised, draws too much current or drops out, or a driver lacks its firmware.',
    harmless: [
        {
            from: 'kernel',
            lines: [
                'Direct firmware load for iwl-debug-yoyo.bin',
                'Direct firmware load for regulatory.db failed',
                'Direct firmware load for brcm/{} failed with error -2',
                'Direct firmware load for {}.pnvm failed',
                'Direct firmware load for rtl_bt/{}_config.bin failed',
                // What a maker measured of one card, where the card does not hold it itself.
                'Direct firmware load for ath10k/pre-cal-',
                'Direct firmware load for ath10k/cal-',
                'Direct firmware load for i915/',
                // As Debian words it.
                'firmware: failed to load ath10k/pre-cal-',
                'firmware: failed to load ath10k/cal-',
                'firmware: failed to load i915/',
                'USB disconnect, device number',
                'New USB device found',
                "hub {}: config failed, hub doesn't have any ports",
                'reset high-speed USB device',
                'reset full-speed USB device',
                'reset SuperSpeed USB device',
                'reset low-speed USB device',
                'over-current condition on port {} of hub without',
                'not running at top speed; connect to a high speed hub',
                'Warning! {}no secondary device',
                'Disabling non-boot CPUs',
                'No over-current protection assumed',
                'deferred probe pending',
                'jitterentropy: ',
            ],
            unless: ['lost during'],
        },
    ],
    rules: [
        {
            kind: 'device',
            oneSubject: true,
            from: 'kernel',
            lines: [
                'usb {port}: device descriptor read/{}, error -{error}',
                'usb {port}: device not accepting address {address:number}, error -{error}',
                'usb {port}: device not accepting address',
                'usb {port}: unable to enumerate USB device',
                'usb {port}: string descriptor 0 read error',
                "usb {port}: can't read configurations, error",
                "usb {port}: can't set config #{}, error",
                'usb {port}: unable to read config index',
                'usb {port}: Device not responding to setup address',
                'usb {port}: Device not responding to set address',
                'usb {port}: rejected 1 configuration due to insufficient available bus power',
                'usb {port}: Warning! Unlikely big volume range',
                'usb usb{}-port{number}: unable to enumerate USB device',
                'usb usb{}-port{number}: attempt power cycle',
                'usb usb{}-port{number}: Cannot enable. Maybe the USB cable is bad?',
                '{port}: Cannot enable. Maybe the USB cable is bad?',
                'hub {port}: Cannot enable port {number:number}.',
                '{port}: unable to enumerate USB device',
                '{port}: cannot reset (err = -{})',
                '{port}: cannot disable (err = -{})',
                '{port}: connect-debounce failed',
                '{port}: disabled by hub (EMI?), re-enabling',
                'hub {port}: port {number:number} disabled by hub (EMI?)',
                '{port}: device not accepting address',
                '{port}: device descriptor read/{}, error',
                'usb-storage: {}error',
                'unable to enumerate USB device on port {number:number}',
                'unable to enumerate USB device',
                'Cannot enable port {number:number}',
                'already running port {number:number} disabled by hub (EMI?)',
                'fw-host{}: Runaway loop',
                'usb_control_msg {}failed',
                'uas_eh_abort_handler',
                'uas_eh_device_reset_handler',
                'tag#{} uas_eh',
                "usbhid {}: can't add hid device",
                'cdc_acm {}: failed to set dtr/rts',
            ],
            unless: ['big volume', 'dtr/rts', 'reset_handler success'],
            severity: 'low',
            subject: ({ port = '', number = '' }, message) =>
                usbDeviceIn(message) || bare(port) || diskIn(message) || (number ? `port ${number}` : 'USB'),
            title: facts => _('A USB device is not recognised ({subject})', facts),
            cause: () => _('The device, its cable or the port is bad, or it needs more power than it gets.'),
        },
        {
            kind: 'over-current',
            from: 'kernel',
            lines: [
                'usb {port}: over-current condition',
                'usb usb{port}: over-current condition',
                'usb usb{}-port{number}: over-current change #{}',
                'over-current change #',
                'over-current change on port {number:number}',
                'over-current condition on port {number:number}',
                'hub {port}: over-current condition on port',
                'over-current condition',
                'over current condition',
                'overcurrent condition',
                'overcurrent detected',
            ],
            severity: 'medium',
            subject: ({ port = '' }) => bare(port) || 'USB',
            title: facts => _('A USB port draws too much current ({subject})', facts),
            cause: () => _('A device or cable has a short circuit or needs more than the port can give. Unplug it.'),
        },
        {
            kind: 'controller',
            from: 'kernel',
            lines: [
                'xhci_hcd {device}: xHCI host controller not responding, assume dead',
                'xhci_hcd {device}: HC died; cleaning up',
                'xhci_hcd {device}: Host halt failed',
                'xhci_hcd {device}: Host not halted after',
                'xhci_hcd {device}: WARN: xHC restore state timeout',
                'xhci_hcd {device}: xHCI host not responding to stop endpoint command',
                'xhci_hcd {device}: Abort failed to stop command ring',
                'xhci_hcd {device}: Timeout while waiting for setup device command',
                'xhci_hcd {device}: ERROR {detail:text}',
                'xhci_hcd {device}: Error while assigning device slot ID',
                "xhci_hcd {device}: can't setup: -{}",
                'xhci_hcd {device}: init {} fail',
                'HC died; cleaning up',
                'host controller not responding, assume dead',
                'ehci_hcd {device}: {}fatal error',
                'ehci_hcd {device}: HC died; cleaning up',
                'ohci_hcd {device}: Unlink after no-IRQ?',
                'ohci_hcd {device}: USB HC TakeOver failed',
                'uhci_hcd {device}: host controller halted, very bad!',
                'uhci_hcd {device}: host controller process error, something bad happened!',
                'uhci_hcd {device}: host system error, PCI problems?',
                'OHCI Unrecoverable Error, disabled',
                'host controller process error',
                'host controller halted',
                'thunderbolt {device}: {}failed',
                'ucsi_acpi {device}: {}failed',
            ],
            unless: ['transfer event', 'possible babble', 'ucsi_acpi', 'no-irq'],
            severity: 'high',
            subject: ({ device = '' }) => bare(device) || 'USB controller',
            title: () => _('A USB controller stopped working'),
            cause: () => _('Everything that is plugged into its ports is gone until it is reset.'),
        },
        {
            kind: 'firmware-missing',
            from: ['kernel', 'udev'],
            lines: [
                '{device}: Direct firmware load for {firmware} failed with error -{error:number}',
                '{device}: firmware: failed to load {firmware} (-{error:number})',
                'firmware: failed to load {firmware}',
                'Direct firmware load for {firmware} failed',
            ],
            unless: ['iwl-debug-yoyo', 'regulatory.db', 'fallback to'],
            // Drivers ask for one version after the other, and for what only some cards have. What they cannot do without they say.
            atStart: false,
            ...missing,
        },
        {
            kind: 'firmware-missing',
            from: ['kernel', 'udev'],
            lines: [
                'Failed to load firmware "{firmware}"',
                'failed to load firmware {firmware}',
                'failed to request firmware',
                'request_firmware() failed',
                'request firmware failed',
                'Firmware file "{firmware}" not found',
                'Firmware {firmware} not found',
                'firmware file not found',
                'firmware not found',
                'could not load firmware',
                'Possible missing firmware /lib/firmware/{firmware}',
                'firmware_class: failed to load {firmware}',
                'firmware failed to load',
                'Falling back to sysfs fallback for: {firmware}',
            ],
            unless: ['fallback to', 'fallback for', 'possible missing firmware', 'iwl-debug-yoyo', 'regulatory.db'],
            ...missing,
        },
        {
            ...driver,
            lines: probes,
            unless: noDevice,
            // What is found on a bus is there, but device trees and firmware also name what is not.
            when: ({ device = '', error = '' }) =>
                onBus.test(device) || unanswered.has(error) || (error === invalid && onBoard.test(device)),
            ofWhoeverSpeaks: true,
        },
        {
            ...driver,
            lines: [...probes, '{device}: probe failed with error'],
            unless: noDevice,
            atStart: false,
            ofWhoeverSpeaks: true,
        },
        {
            ...driver,
            lines: [
                '{module}: disagrees about version of symbol {symbol}',
                '{module}: Unknown symbol {symbol}',
                '{module}: module verification failed: signature and/or required key missing',
                'Loading of unsigned module is rejected',
                'module {module}: .gnu.linkonce.this_module section size must match',
                'Lockdown: {program}: unsigned module loading is restricted',
                'PKCS#7 signature not signed with a trusted key',
                "can't enable device: BAR {}",
                "can't claim BAR {}",
                'BAR {}: failed to assign',
            ],
            unless: [
                'module verification',
                'failed to assign',
                "can't claim",
                'pkcs#7',
                'lockdown',
                'iwl-debug-yoyo',
                'security',
            ],
        },
        {
            ...driver,
            lines: [
                'Unable to request IRQ',
                'Initialization failed',
                'device initialization failed',
                'failed to initialize',
            ],
            unless: ['vesafb', 'pcspkr', 'i2c_piix4', 'i8042', 'security', 'lockdown', 'falling back to'],
            ofWhoeverSpeaks: true,
        },
        {
            kind: 'udev',
            from: 'udev',
            lines: [
                "Failed to find module '{module}'",
                "Failed to insert module '{module}': {reason:text}",
                'could not insert {module}',
                'FATAL: Module {module} not found',
                'ERROR: could not insert',
                '{device}: Worker [{pid}] processing SEQNUM={} is taking a long time',
                'timeout: killing',
                'worker [{}] {} timeout; kill it',
                'Failed to process device, ignoring',
                "Process '{program}' failed with exit code {status:number}",
                'slow: ',
            ],
            unless: ['ignoring', 'taking a long time', 'slow:', 'failed with exit code'],
            severity: 'low',
            subject: ({ module = '', device = '' }) => bare(module || device) || 'udev',
            title: facts => _('A driver could not start ({subject})', facts),
        },
    ],
};
