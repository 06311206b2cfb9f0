import { mountUnit } from '../../model/unitName.ts';
import { safeText } from '../../text/sanitise.ts';
import { unescapeMount } from './filesystems.ts';

export const fstab = '/etc/fstab';

/** A line of fstab(5) that the next start has trouble with. */
export type FstabMistake = {
    line: number;
    /** The line itself, as `fstabLines` gives it. */
    text: string;
    message: string;
    /** What it waits for that is not there; null for a line that is not understood. */
    missing: string | null;
    /** The unit that is made from the line; null for swap. */
    unit: string | null;
};

type Line = { number: number; text: string; spec: string; file: string; options: string };

/**
 * findmnt(8) prints where something is mounted, and below that its findings, each a path with the reason why it is
 * inaccessible. Its verify_source() (misc-utils/findmnt-verify.c of util-linux) says itself that only the filesystem
 * understands other sources: a pool, a server, several folders. So only tags and what the kernel calls disks count.
 */
const finding = /^ {3}\[[EW]\] unreachable (?:on boot required )?source: (?<rest>.+)$/;
const tag = /^(?:UUID|LABEL|PARTUUID|PARTLABEL)=./;
const disk = /^\/dev\/(?:(?:sd|hd|vd|xvd)[a-z]|(?:nvme|mmcblk|md)\d)\w*$/;
/** mnt_table_parse_stream() of libmount by way of the program's own handler, to standard error. */
const parseError = /: parse error at line (?<line>\d{1,9}) -- ignored/;
/**
 * What the start goes on without, or does not need at once: systemd.mount(5). findmnt calls "required on boot" also what may fail.
 * That there is no folder to mount at is no trouble, since systemd makes it.
 */
const optional = /(?:^|,)(?:nofail|noauto|_netdev|x-systemd\.(?:automount|wanted-by=[^,]*|required-by=[^,]*))(?:,|$)/;

/** The start does not wait for what is on the network: fstype_is_network() of systemd's mountpoint-util.c. */
const network =
    /^(?:fuse\.)?(?:afs|ceph|cifs|davfs|gfs2?|glusterfs|lustre|ncp|ncpfs|nfs4?|ocfs2|orangefs|pvfs2|smb3|smbfs|sshfs)$/;

/** Where what a start cannot go on without is mounted, by the text of fstab(5). */
export function requiredMounts(text: string): string[] {
    return fstabLines(text).flatMap(line => {
        const [spec = '', file = '', type = '', options = ''] = line.split(' ');
        if (spec.startsWith('#') || !file.startsWith('/') || network.test(type) || optional.test(options)) return [];
        return [unescapeMount(file).replace(/(?<=.)\/+$/, '')];
    });
}

/** The lines of fstab(5), with their blanks as one. */
export function fstabLines(text: string): string[] {
    return text.split('\n').map(line => line.trim().split(/\s+/).join(' '));
}

/** What a line of fstab(5) mounts, and where; null for one that is empty or a comment. @param line as it is written */
export function fstabEntry(line: string): { source: string; folder: string; pass: number } | null {
    const [source = '', folder = '', , , , pass = '0'] = line.trim().split(/\s+/);
    if (source === '' || source.startsWith('#')) return null;
    // Tags may be quoted there.
    return { source: source.replaceAll('"', ''), folder: unescapeMount(folder), pass: Number(pass) };
}

/**
 * @param output of `findmnt --verify`, with what it complained of
 * @param hasClosedVolumes whether an encrypted volume is still to be opened: what is in it has a UUID and a label, too
 * @returns what a start would meet with
 */
export function fstabMistakes(text: string, output: string, hasClosedVolumes: boolean): FstabMistake[] {
    const lines: Line[] = fstabLines(text).map((line, index) => {
        const [spec = '', file = '', , options = ''] = line.split(' ');
        // Tags may be quoted there, and are not in what is printed.
        const bare = unescapeMount(spec).replaceAll('"', '');
        return { number: index + 1, text: line, spec: bare, file: unescapeMount(file), options };
    });
    const found: FstabMistake[] = [];
    let target = '';
    for (const printed of output.split('\n')) {
        const unread = Number(parseError.exec(printed)?.groups?.line);
        if (unread > 0) {
            const written = lines[unread - 1]?.text ?? '';
            found.push({ line: unread, text: written, message: 'parse error', missing: null, unit: null });
        }
        const { rest } = finding.exec(printed)?.groups ?? {};
        if (rest === undefined) {
            if (!printed.startsWith(' ')) target = printed;
            continue;
        }
        const line = lines.find(
            ({ spec, file, options }) => file === target && isMissing(spec, rest) && !optional.test(options),
        );
        if (line === undefined || (hasClosedVolumes && tag.test(line.spec))) continue;
        const missing = safeText(line.spec, 256);
        const unit = target.startsWith('/') ? mountUnit(target) : null;
        found.push({ line: line.number, text: line.text, message: `there is no ${missing}`, missing, unit });
    }
    return found;
}

function isMissing(spec: string, rest: string): boolean {
    return tag.test(spec) ? rest === spec : disk.test(spec) && rest === `${spec}: No such file or directory`;
}

/** @param crypttab the text of crypttab(5); @param isOpen whether there is a volume of such a name */
export function hasClosedVolume(crypttab: string, isOpen: (name: string) => boolean): boolean {
    const names = crypttab.split('\n').map(line => line.trim().split(/\s+/, 1)[0] ?? '');
    return names.some(name => name !== '' && !name.startsWith('#') && !isOpen(name));
}
