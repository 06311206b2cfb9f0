import type { Severity } from '../model/incident.ts';
import { monitors, severities, subsystems } from '../faults/generated/heads.text.ts';
import { familyOfKind, familyOfName, firstWord, isDeviceName } from '../faults/shared/drivers.ts';
import { bare, diskIn, volumeOf } from '../detection/subjects.ts';

/** The families that programs report on, by the names of their syslog lines. */
const byProgram = byName(subsystems);
const byMonitor = byName(monitors);

function byName(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
    return new Map(Object.entries(table).flatMap(([family, of]) => of.split(' ').map(name => [name, family] as const)));
}

/** NetworkManager manages all of it: the first that its words name, so the order matters and no family can have it. */
const ofNetworks = [
    ['routing', /\bvpn\b|route/],
    ['wifi', /\(wl|wi-?fi|ssid|802[._]?11|wireless/],
    ['dhcp', /dhcp/],
    ['dns', /\bdns\b/],
] as const;

/**
 * The subject of a message that names no subsystem. The first word that occurs in it decides: the families compete for a
 * message, so this is one list in its own order and not a part of their heads.
 */
const topics = Object.entries({
    crash: ['stack is corrupted', 'corrupted stack', 'use-after-free', 'kernel panic'],
    hardware: [
        'machine check',
        'northbridge',
        'parity',
        'cache',
        'tlb',
        'ecc ',
        'dimm',
        'pci ',
        'torus',
        'memory error',
        'l3 ',
        'edram',
        'sram',
        'ddr',
        'midplane',
    ],
    power: [
        'temperature',
        'thermal',
        'voltage',
        'power suppl',
        'ps redundancy',
        'psu',
        'battery',
        'fan ',
        'overheat',
        ' rail ',
    ],
    filesystem: [
        'inode',
        'superblock',
        'super block',
        'journal',
        'filesystem',
        'file system',
        'xtree',
        'directory entry',
    ],
    disk: [
        'disk',
        'scsi',
        'vd is',
        'drive ',
        'drives',
        'drive:',
        'drive,',
        'raid',
        'sector',
        ' lun',
        ' pd ',
        'i/o error',
        'logical drive',
        'expander',
        'hba',
    ],
    graphics: ['gpu', 'uvd ', 'vram'],
    usb: ['usb', 'dwc_otg', ' endpoint', ' urb '],
    wifi: ['wireless', 'wifi', 'wi-fi'],
    link: [' nic', 'ethernet', ' mac ', ' phy ', 'transmit'],
    memory: ['out of memory', 'hugepage'],
});

/**
 * What fails, by the words of a program. Unambiguous words count from any program; the others may come from a program that
 * manages something else. The order matters here, too.
 */
const matters = Object.entries({
    'disk-space': ['no space left', 'disk full', 'disk quota', 'space usage', 'disk space', 'storage full'],
    limits: [
        'too many open files',
        'too many clients',
        'too many connections',
        'too many processes',
        '_limit (',
        'resource temporarily unavailable',
        'upper limit',
        'limit reached',
        'worker_connections are not enough',
        'max_children',
    ],
    memory: [
        'cannot allocate memory',
        "can't allocate memory",
        'out of memory',
        'outofmemory',
        'memory pressure',
        'not enough memory',
    ],
    crash: [
        'segmentation fault',
        'signal 11',
        'signal 6',
        'sigsegv',
        'sigabrt',
        'core dump',
        'stack smashing',
        'killed by a signal',
        'terminated by a signal',
        // Samba's smb_panic() and Dovecot's.
        'panic (pid ',
        'panic: ',
        // g_assertion_message() of GLib, and Dovecot's own; each ends the program.
        'bail out!',
        'assertion failed: (',
        'stack smashing detected',
        'crash report',
    ],
    filesystem: ['read-only file system', 'superblock', 'structure needs cleaning'],
    // The dynamic loader of glibc and of musl, and Qt: a part of the program is missing or of another version, so it ends.
    packages: [
        'error while loading shared libraries',
        'error loading shared library',
        'symbol lookup error',
        'error relocating /',
        "' not found (required by ",
        'no qt platform plugin could be initialized',
    ],
    configuration: [
        'syntax error',
        'parse error',
        'unknown directive',
        'unrecognized directive',
        'unrecognised variable',
        'reading or parsing',
        'unknown option',
        'unknown keyword',
        'unknown setting',
        'unknown facility',
        'invalid command',
        'bad configuration',
        'configuration error',
        'configuration file',
        'config file',
        'error in config',
        'options error',
        'failed to parse',
        'parse configuration',
        'semicolon expected',
        "missing ';'",
        'misspelled',
        'bad option',
        'during configuration',
    ],
}).map(([family, words]) => ({ family, words, isPlain: true }));
const otherMatters = Object.entries({
    dns: [
        'name resolution',
        'resolve host',
        'resolve name',
        'host not found',
        'unknown host',
        'name or service not known',
        'unqualified host',
        'host name lookup',
    ],
    login: ['certificate', 'keytab', 'kerberos', 'pam_', 'pam unable', 'ldap', ' kdc', 'ssl context', 'private key'],
    configuration: [
        'invalid option',
        'open /etc/',
        'file /etc/',
        'read /etc/',
        'load /etc/',
        'database /etc/',
        'file "/etc/',
        'open "/etc/',
        'glob /etc/',
        '.conf',
        '.cfg',
        '.cf:',
        '.ini',
        'parsing',
    ],
    routing: ['no route to host', 'network is unreachable'],
    access: ['permission denied', 'errcode: 13'],
    disk: ['input/output error', 'i/o error'],
    containers: ['docker', 'container', 'kubernetes', 'libvirt'],
}).map(([family, words]) => ({ family, words, isPlain: false }));

/** The text after the name of a driver, as in `0000:03:00.0 eth0: ` and `0000:00:02.0: [drm] `. */
const behindDevice = /^[^ ]{1,48} [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]:? ([a-z[][a-z0-9]{0,15})/;
/** A device of a device tree, `fe300000.ethernet`, as Linux names it in of_device_make_bus_id(). */
const inDeviceTree = /^[^ ]{1,48} [0-9a-f]{3,16}\.([a-z][a-z0-9]{0,23})/;
/** The text after the name of an unknown driver: `smsc911x: eth0: `. */
const behindName = /^[^ ]{1,48}: ([a-z][a-z0-9]{2,15})[:,] /;
/** An interface of a USB device, `1-1.4:1.0`, and the text after it. */
const behindInterface = /^[^ ]{1,48} \d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}:\d{1,3}\.\d{1,3}:? ([a-z0-9(]{0,16})/;
const deviceHead =
    /^(?:\(xen\) )?[^a-z0-9]{0,8}(?:[a-z][a-z_/.-]{0,31}(?:\d|:)|[a-z0-9_/.-]{1,48}(?::| \(|(?: [a-z_-]{1,24})? [0-9a-f-]{1,12}[:.]))/;
/** `EXT4-fs error (device sda1): `, `BTRFS warning (device dm-0: state EA): `, `XFS (sdb1): `. */
const ofVolume = /^[^():]{1,32} \((?:device )?([\w/.-]{1,64})[^()]{0,24}\):? /;

/**
 * The family of the driver, filesystem or device that a message of the kernel begins with; null when it does not say.
 *
 * @param folded the message with its letters in lower case
 */
export function subsystemOf(folded: string): string | null {
    const word = firstWord.exec(folded)?.[1];
    if (word === undefined) return null;
    const known = familyOfName(word);
    if (known !== null) return known;
    const behind = behindDevice.exec(folded)?.[1];
    if (behind !== undefined) return familyOfName(behind) ?? (behind.startsWith('[drm') ? 'graphics' : 'hardware');
    const kind = inDeviceTree.exec(folded)?.[1];
    // In a device tree, a sound controller is called `hda`, which is also the name of a disk.
    const tree = kind === undefined ? null : (familyOfKind(kind) ?? familyOfName(kind));
    if (tree !== null) return tree;
    const named = behindName.exec(folded)?.[1];
    if (named !== undefined && isDeviceName(named)) return familyOfName(named);
    const ofUsb = behindInterface.exec(folded)?.[1];
    return familyOfKind(word) ?? (ofUsb === undefined ? null : (familyOfName(ofUsb) ?? 'usb'));
}

/** Whether a message begins as those of devices do: `nvme0n1 …`, `EXT4-fs (sda1): …`, `usb 1-2: …`, `e1000e 0000:00:19.0 …`, `md: …`. */
export function beginsWithDevice(folded: string): boolean {
    return deviceHead.test(folded);
}

/** The family that a message of the kernel seems to be about, by its words; null if no word says so. */
export function topicOf(folded: string): string | null {
    return topics.find(([, words]) => words.some(word => folded.includes(word)))?.[0] ?? null;
}

/**
 * The family that a daemon manages; null for others.
 *
 * @param program as `programName` returns it
 * @param folded its message with its letters in lower case
 */
export function familyOfDaemon(program: string, folded: string): string | null {
    const monitor = byMonitor.get(program);
    if (monitor !== undefined) return topicOf(folded) ?? monitor;
    if (program === 'networkmanager') return ofNetworks.find(([, words]) => words.test(folded))?.[0] ?? 'link';
    return byProgram.get(program) ?? byProgram.get(program.split(/[_@]/, 1)[0] ?? '') ?? null;
}

const allMatters = [...matters, ...otherMatters].map(({ family, words, isPlain }) => ({
    family,
    isPlain,
    words: anyOf(words),
}));
/** Programs parse requests and answers, too: only what names a file, a line or a setting is about settings. */
const ofSettings = /conf|cfg|\/|\.[a-z]{2,4}\b|line|directive|option|keyword|setting|variable|facility|command|missing/;
const anyMatter = anyOf([...matters, ...otherMatters].flatMap(({ words }) => words));

function anyOf(words: readonly string[]): RegExp {
    return new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|'));
}

/** The family that a program's complaint is about, by its words; null if no word says so. */
export function subjectMatterOf(folded: string): { family: string; isPlain: boolean } | null {
    if (!anyMatter.test(folded)) return null;
    const matter = allMatters.find(({ words }) => words.test(folded)) ?? null;
    return matter?.family === 'configuration' && !ofSettings.test(folded) ? null : matter;
}

/** The device that a message begins with, as rules name it: `nvme0` of `nvme nvme0: …`, `sda1` of `XFS (sda1): …`. */
export function deviceOf(family: string, message: string): string {
    const disk = family === 'disk' ? diskIn(message) : '';
    if (disk !== '') return disk;
    const volume = ofVolume.exec(message)?.[1];
    if (volume !== undefined) return volumeOf(volume);
    const words = message.slice(0, Math.max(0, message.indexOf(': '))).split(' ', 4);
    return words.length < 4 ? bare(words.at(-1) ?? '') : '';
}

/** The effect of a failure that only common words report: worse than such words say where data is at stake. */
export function severityIn(family: string): Severity {
    return severities[family] ?? 'high';
}
