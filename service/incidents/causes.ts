import { severities } from '../model/incident.ts';
import type { Finding } from '../model/incident.ts';
import { areApart, isAtOrAbove } from '../model/place.ts';
import { isNamedAfter } from '../model/unitName.ts';
import { settingsOwner } from '../text/settingsOwner.ts';
import type { Explanation } from './family.ts';
import { explanations } from './generated/explanations.ts';

/** What is reported this close to each other may have one cause. Microseconds, as all times. */
export const burst = 10_000_000;
/** The longest time after a cause in which it may explain anything. */
export const longestReach = Math.max(burst, ...explanations.map(reachOf));

/** By the family of the cause: each finding is compared with all that was reported near it. */
const explanationsOf = Map.groupBy<string, Explanation>(explanations, ({ family }) => family);

/** How long after its cause a finding may be reported, in the sense of `relationOf`. Microseconds. */
export function reachTo({ family, kind, facts, evidence }: Reported): number {
    const ofTrace = facts.modules !== undefined || facts.pid !== undefined ? reachOfTrace : 0;
    const ofPlace = facts.place !== undefined || facts.unnamed !== undefined ? reachOfPlace : 0;
    const stated = explanations.filter(one => isAmong(one.faults, family, kind) && hasWordsOf(one, evidence));
    return Math.max(burst, ofTrace, ofPlace, ...stated.map(reachOf));
}

/** A finding, or an incident. */
type Reported = Pick<Finding, 'family' | 'kind' | 'scope' | 'subject' | 'severity' | 'facts' | 'evidence'>;

/** How a fault belongs to the incident of its cause: it follows from that, or it is only another report of the same. */
export type Relation = 'consequence' | 'sign';

/**
 * Whether one fault explains another. That is known of devices, since what is further up explains what is below; of a unit
 * and what its own program says; and of what families state under `explains` in the heads of their rules.
 *
 * @param after how long after the cause the effect was reported; negative if it was reported before
 */
export function relationOf(
    cause: Reported,
    effect: Reported,
    { unitFamily, after }: { unitFamily: string; after: number },
): Relation | null {
    const isUnit = effect.family === unitFamily;
    if (Math.abs(after) <= burst) {
        if (!isUnit && (reportSameFile(cause, effect) || saySame(cause, effect))) return 'sign';
        if (!isUnit && isOfSameProgram(cause, effect)) return 'sign';
        if (areAlike(cause, effect, unitFamily)) return 'consequence';
    }
    if (isInTraceOf(cause, effect, after) || namesProcessOf(cause, effect, after)) return 'consequence';
    // What a hint reports may be nothing.
    if (cause.facts.hint !== undefined) return null;
    if (after >= -burst && after <= reachOfPlace) {
        const above = byPlace(cause, effect, after);
        if (above !== null && (after <= burst || ofBus.test(cause.facts.place ?? ''))) return above;
    }
    if (Math.abs(after) <= burst) {
        if (cause.family === unitFamily && !isUnit && (isOwnReport(cause, effect) || isAboutSettingsOf(cause, effect)))
            return 'sign';
    }
    // What its own program reports is part of the failure of a unit, not its cause.
    const ofEffect = isUnit ? explanationsOf.get(effect.family) : undefined;
    if (ofEffect?.some(one => one.about === 'program' && isStated(one, effect, cause, 0)) === true) return null;
    const known = explanationsOf
        .get(cause.family)
        ?.find(one => !(isUnit && one.about === 'settings') && isStated(one, cause, effect, after));
    if (known === undefined) return null;
    return known.about === 'program' ? 'sign' : 'consequence';
}

/** Words that say enough to be the same by no accident. */
const telling = /(?:\S*\p{L}{2}\S*\s+){3}\S*\p{L}{2}/u;

/** Whether the programs of both say the same last words, or one passes on those of the other. */
function saySame(one: Reported, other: Reported): boolean {
    const words = lastWordsOf(one, other);
    return words !== null && lastWordsOf(other, one) === words && telling.test(words);
}

/** The last words of its program; null if they may be those of the other's, as a log does not always tell. */
function lastWordsOf({ subject, evidence }: Reported, other: Reported): string | null {
    const last = evidence.findLast(({ origin }) => origin !== 'systemd');
    if (last === undefined) return null;
    const isOfOther = isNamedAfter(last.origin, other.subject) && !isNamedAfter(last.origin, subject);
    return isOfOther ? null : last.message;
}

/** Whether one program said both, and in the second no more of the subject than its own name. */
function isOfSameProgram(cause: Reported, { family, subject, evidence }: Reported): boolean {
    if (cause.family !== family || !evidence.every(({ origin }) => origin === subject)) return false;
    return cause.evidence.some(({ origin }) => origin === subject);
}

/**
 * Whether the same happened to both subjects: they are reported in the same words but for their names. What happens to several
 * at once, such as the parts of one disk or two services that need a third, has one cause. Of units, the words are the last ones of
 * their programs.
 */
function areAlike(one: Reported, other: Reported, unitFamily: string): boolean {
    if (one.family !== other.family || one.subject === other.subject) return false;
    if (one.family === unitFamily) return lackSameOfSystem(one, other) || saySame(one, other);
    if (one.kind !== other.kind || one.facts.unnamed !== undefined || other.facts.unnamed !== undefined) return false;
    const said = new Set(one.evidence.map(({ message }) => withoutName(message, one)));
    return other.evidence.some(({ message }) => {
        const words = withoutName(message, other);
        return message.includes(other.subject) && said.has(words) && telling.test(words);
    });
}

/** Whether both units lack what systemd makes for each of them, and not what their own settings name. */
function lackSameOfSystem({ facts: { exitStatus } }: Reported, { facts }: Reported): boolean {
    return exitStatus === ofControlGroup && facts.exitStatus === ofControlGroup;
}

/** EXIT_CGROUP of systemd.exec(5), *Process exit codes*. */
const ofControlGroup = '219';

function withoutName(message: string, { subject }: Reported): string {
    return message.replaceAll(subject, '*');
}

/** Whether the cause names the process that crashed: `GPU HANG: ecode 9:1:85df9cff, in sddm-greeter [579]`. */
function namesProcessOf(cause: Reported, { family, subject, facts: { pid } }: Reported, after: number): boolean {
    if (pid === undefined || subject === '' || cause.family === family) return false;
    if (after > reachOfTrace || after < -burst) return false;
    return cause.evidence.some(({ origin, message }) => {
        if (origin !== 'kernel') return false;
        return message.split(subject).some((rest, index) => index > 0 && ofProcess.exec(rest)?.[1] === pid);
    });
}

/** What is behind the name of a process. */
const ofProcess = /^\W{0,3}(?:pid\W{1,2})?(\d{1,10})\b/;

/** The place of a device on the PCI bus. */
const ofBus = /(?:^|\/)[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[0-7]$/;
/** A driver that waits for its device gives up after some of its time-outs. */
const reachOfPlace = 60_000_000;
/** What hangs in a driver is noticed after minutes: the kernel looks for it every two. */
const reachOfTrace = 600_000_000;

/**
 * Whether the trace of the effect leads to what the kernel reported as the cause: that names a module of the trace, such as a
 * driver or a filesystem, as what it is about. What is worse than that is told by itself.
 */
export function isInTraceOf(
    cause: Reported,
    { severity, facts: { modules } }: Pick<Reported, 'severity' | 'facts'>,
    after: number,
): boolean {
    if (modules === undefined || cause.facts.modules !== undefined) return false;
    if (severities.indexOf(severity) > severities.indexOf(cause.severity)) return false;
    if (after > reachOfTrace || after < -burst) return false;
    const names = new Set(modules.split(' '));
    return cause.evidence.some(({ origin, message }) => {
        if (origin !== 'kernel' && origin !== '') return false;
        return message
            .toLowerCase()
            .replaceAll('-', '_')
            .split(/[^a-z0-9_]+/)
            .some(word => names.has(word) || names.has(word.replace(/_(?:fs|error|warning|pci)$/, '')));
    });
}

/** Whether both report the same about the same file, as a program does through each of those that run it. */
export function reportSameFile(one: Pick<Reported, 'evidence'>, other: Pick<Reported, 'evidence'>): boolean {
    const said = new Set(one.evidence.flatMap(({ message }) => aboutFile.exec(message)?.[0] ?? []));
    return said.size > 0 && other.evidence.some(({ message }) => said.has(aboutFile.exec(message)?.[0] ?? ''));
}

/** An absolute path of two parts or more, and what is said of it. */
const aboutFile = /(?<![\w./-])\/[\w.@+-]+\/[\w./@+-]+\W{1,4}\w.*/;

function byPlace(cause: Reported, effect: Reported, after: number): Relation | null {
    const [upper, lower] = [cause.facts.place, effect.facts.place];
    if (upper !== undefined && lower !== undefined) {
        if (upper === lower) return after < 0 ? null : relationOfSame(cause, effect);
        return isAtOrAbove(upper, lower) ? 'consequence' : null;
    }
    // One line names the card, and the next only what happened to it.
    const isUnnamed = effect.facts.unnamed !== undefined && lower === undefined;
    return isUnnamed && upper !== undefined && cause.family === effect.family ? 'sign' : null;
}

function relationOfSame(cause: Reported, effect: Reported): Relation {
    return cause.subject === effect.subject ? 'sign' : 'consequence';
}

/** Whether the program of the unit reports the effect about itself. */
function isOwnReport({ scope, subject }: Reported, { scope: other, facts: { speaker } }: Reported): boolean {
    return speaker !== undefined && scope === other && (speaker === subject || isNamedAfter(speaker, subject));
}

/** Whether the effect is about a file in which the program of the unit has its settings. */
function isAboutSettingsOf({ subject: unit }: Reported, { subject, evidence }: Reported): boolean {
    return [subject, ...evidence.map(({ message }) => message)].some(text => settingsOwner(text, unit));
}

/** @param known an explanation by the cause's family */
function isStated(known: Explanation, cause: Reported, effect: Reported, after: number): boolean {
    const { kinds, subjects, faults, about, onlyInText = false } = known;
    if (kinds !== undefined && !kinds.includes(cause.kind)) return false;
    if (subjects !== undefined && !subjects.includes(cause.subject.toLowerCase())) return false;
    if (after > reachOf(known) || after < -burst) return false;
    if (!isAmong(faults, effect.family, effect.kind)) return false;
    // A fault of the same kind about the same subject is the incident itself.
    if (cause.family === effect.family && cause.kind === effect.kind && about !== 'anything') return false;
    if (onlyInText && effect.evidence.every(({ line }) => line === null)) return false;
    if (about === 'subject' && cause.subject !== effect.subject) return false;
    if (about === 'device' && arePlacesApart(cause, effect)) return false;
    if (about === 'named' && !isNamedIn(effect, cause)) return false;
    if (about === 'program' && !isOfProgram(cause, effect)) return false;
    if (about === 'settings' && !lacksProgramOf(cause, effect)) return false;
    if (about === 'files' && areFilesApart(cause, effect)) return false;
    return hasWordsOf(known, effect.evidence);
}

function isAmong(faults: Explanation['faults'], family: string, kind: string): boolean {
    return faults === undefined || faults.some(name => name === family || name === `${family} ${kind}`);
}

function hasWordsOf({ words }: Explanation, evidence: Reported['evidence']): boolean {
    return words === undefined || evidence.some(({ message }) => hasOneOf(words, message.toLowerCase()));
}

function arePlacesApart(cause: Reported, effect: Reported): boolean {
    const isOfPci = [effect.subject, ...effect.evidence.map(({ message }) => message)].some(text => ofPci.test(text));
    if (ofUsb.test(cause.subject) && isOfPci) return true;
    const [one, other] = [cause.facts.place, effect.facts.place];
    return one !== undefined && other !== undefined && areApart(one, other);
}

/** Whether the effect names the disk that the cause is about, or a part of it: `nvme0n1p2`, `sdb1`. */
function isNamedIn({ evidence }: Reported, { subject }: Reported): boolean {
    return evidence.some(({ message }) =>
        message.split(/[^\w-]+/).some(name => name.startsWith(subject) && ofDisk.test(name.slice(subject.length))),
    );
}

/** The namespace and the partition in the name of a disk. */
const ofDisk = /^(?:n\d+)?(?:p?\d+)?$/;

/** A port of USB, as the kernel names it. */
const ofUsb = /^\d+-\d+(?:\.\d+)*$/;
/** These disks are never connected by USB: in such a case, they have the names of SCSI. */
const ofPci = /(?:^|\/dev\/)nvme\d/;

/** Whether both are about the same program, by its name; a journal says itself whose process it was. */
function isOfProgram(cause: Reported, { subject, evidence }: Reported): boolean {
    return evidence.some(({ line }) => line !== null) && isNamedAfter(subject, cause.subject);
}

/** Whether the effect is that a program was not started, and the cause is a mistake in the settings of that program. */
function lacksProgramOf({ subject }: Reported, { evidence }: Reported): boolean {
    return evidence.some(({ message }) => {
        const program = /\b(?:start|starting|launch|run|spawn|execute) ["'`‘“]?([\w@.+-]{3,64})/.exec(message)?.[1];
        return program !== undefined && settingsOwner(subject, program);
    });
}

/** Whether the cause is about a mount point, and all files that the effect names are elsewhere. */
function areFilesApart({ subject }: Reported, { evidence }: Reported): boolean {
    if (!subject.startsWith('/') || subject === '/') return false;
    const files = evidence.flatMap(({ message }) => message.match(/(?<![\w./-])\/[\w./@+-]+/g) ?? []);
    return files.length > 0 && files.every(file => file !== subject && !file.startsWith(`${subject}/`));
}

function hasOneOf(words: readonly string[], message: string): boolean {
    return words.some(word => message.includes(word));
}

function reachOf({ within }: Explanation): number {
    return within === undefined ? burst : within * 1_000_000;
}

/**
 * Causes that are harmless alone, such as a device that was unplugged, and signs of a fault of a device or of what makes a unit
 * fail; kept for a while, for what they may explain.
 */
export class PossibleCauses {
    readonly #kept: { finding: Finding; time: number; isSign: boolean }[] = [];

    add(finding: Finding, time: number, { isSign = false } = {}): void {
        const { family, kind, subject } = finding;
        const known = this.#kept.findIndex(
            kept => kept.finding.family === family && kept.finding.kind === kind && kept.finding.subject === subject,
        );
        if (known >= 0) this.#kept.splice(known, 1);
        if (this.#kept.length >= 16) this.#kept.shift();
        this.#kept.push({ finding, time, isSign });
    }

    /** The last one that explains the effect. */
    of(effect: Finding, time: number, unitFamily: string): Finding | null {
        const cause = this.#kept.findLast(
            kept =>
                (effect.family === unitFamily && madeFail(kept.finding, effect, time - kept.time)) ||
                ((!kept.isSign || isOfDeviceBelow(effect, kept.finding)) &&
                    relationOf(kept.finding, effect, { unitFamily, after: time - kept.time }) !== null),
        );
        return cause?.finding ?? null;
    }
}

/** Whether the unit's own process gave the cause of its failure. @param after how long before the failure */
function madeFail({ scope, facts }: Finding, unit: Finding, after: number): boolean {
    return facts.causeOf === unit.subject && scope === unit.scope && Math.abs(after) <= burst;
}

/** Whether the effect is another fault, of a device that is attached to that of the sign. */
function isOfDeviceBelow(effect: Finding, sign: Finding): boolean {
    const [lower, upper] = [effect.facts.place, sign.facts.place];
    if (lower === undefined || upper === undefined || effect.family === sign.family) return false;
    return lower !== upper && isAtOrAbove(upper, lower);
}
