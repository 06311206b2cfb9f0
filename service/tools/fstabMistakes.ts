import { mountUnit } from '../system/unitName.ts';
import { safeText } from '../text/sanitise.ts';
import { unescapeMount } from './filesystems.ts';

export const fstab = '/etc/fstab';

/** A line of fstab(5) that the next start has trouble with. */
export type FstabMistake = {
    line: number;
    message: string;
    /** What it waits for that is not there; null for a line that is not understood. */
    missing: string | null;
    /** The unit that is made from the line; null for swap. */
    unit: string | null;
};

/** findmnt(8) prints where something is mounted, and below what it finds wrong with that: misc-utils/findmnt-verify.c of util-linux. */
const finding = /^ {3}\[[EW]\] unreachable (?:on boot required )?source: (?<source>\S+?)(?:: |$)/;
/** mnt_table_parse_stream() of libmount by way of the program's own handler, to standard error. */
const parseError = /: parse error at line (?<line>\d{1,9}) -- ignored/;
/**
 * What the start goes on without, or does not need at once: systemd.mount(5). findmnt calls "required on boot" also what may fail.
 * That there is no folder to mount at is no trouble, since systemd makes it.
 */
const optional = /(?:^|,)(?:nofail|noauto|_netdev|x-systemd\.automount)(?:,|$)/;

/** @param output of `findmnt --verify`; @returns the first mistake that a start would meet with; null when there is none */
export function fstabMistake(text: string, output: string): FstabMistake | null {
    const lines = text.split('\n').map((line, index) => ({ number: index + 1, fields: line.trim().split(/\s+/) }));
    let target = '';
    for (const line of output.split('\n')) {
        const unread = parseError.exec(line)?.groups;
        if (unread !== undefined)
            return { line: Number(unread.line), message: 'parse error', missing: null, unit: null };
        const { source } = finding.exec(line)?.groups ?? {};
        if (source === undefined) {
            if (!line.startsWith(' ')) target = line;
            continue;
        }
        const found = lines.find(
            ({ fields: [spec = '', file = '', , options = ''] }) =>
                // Tags may be quoted there, and are not in what is printed.
                unescapeMount(spec).replaceAll('"', '') === source &&
                unescapeMount(file) === target &&
                !optional.test(options),
        );
        if (found === undefined) continue;
        const missing = safeText(source, 256);
        const unit = target.startsWith('/') ? mountUnit(target) : null;
        return { line: found.number, message: `there is no ${missing}`, missing, unit };
    }
    return null;
}
