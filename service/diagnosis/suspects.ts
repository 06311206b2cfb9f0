import { realpath } from 'node:fs/promises';

import type { ActionName } from '../actions/actions.ts';
import { beganAt } from '../incidents/merge.ts';
import type { Incident } from '../model/incident.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { TimelineKind } from '../model/timelineKinds.ts';
import type { UnitDetails } from '../machine/units/systemd.ts';
import { packageOf } from '../machine/packages/packageOf.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Run } from '../machine/run.ts';

/** A change that may be why something failed. */
export type Suspect = {
    entry: TimelineEntry;
    /** From 0 to 1, see docs/timeline.md. */
    score: number;
    /** Microseconds between the change and the fault. */
    before: number;
    /**
     * It was renamed, and its old name is tied to the fault more strongly than its new one: the fault is that the old name is
     * missing.
     */
    isMissed: boolean;
};

/** What failed, and the words that reported it. */
export type Fault = {
    incident: Pick<Incident, 'scope' | 'subject' | 'title' | 'firstSeen' | 'facts'>;
    /** null if the subject is no unit. */
    unit: UnitDetails | null;
    texts: readonly string[];
};

const kinds: TimelineKind[] = ['file', 'package', 'device', 'link', 'address', 'network', 'storage', 'setting'];

const hour = 3_600_000_000;
const day = 24 * hour;
const window = 2 * day;
/** Reports from two sources may arrive out of order by up to this long. */
const disorder = 2_000_000;
const candidatesLimit = 1000;
/** Below this a change is not worth mentioning. */
const worthMentioning = 0.25;
const mentioned = 3;
/** Files that the messages of a fault name and whose links are followed: below /etc, where nothing is mounted on demand. */
const namedFile = /(?<![\w/.-])\/etc\/[\w/.@+-]{1,255}/g;
const namedFilesLimit = 16;
/** Files that the messages name and that may come from a package: settings, libraries and programs. */
const packagedFile = /(?<![\w/.-])\/(?:etc|usr|lib\w*|s?bin|opt)\/[\w/.@+-]{1,255}/g;
const packagedFilesLimit = 4;

/**
 * How strongly a change is tied to what failed.
 *
 * - named: the messages of the fault name it, or a link to it
 * - setting: a setting of the unit names it, such as EnvironmentFile=
 * - own: the unit's own file, or the file that a generator made it from
 * - argument: the unit's command line names it
 * - owner: the package that contains the unit, its program or a file or library that its messages name, or that has the name of
 *   the program
 * - namesake: its name, or that of its folder in /etc, is that of the unit or of its program
 * - moment: nothing but the moment ties it: the only file that was removed, renamed or locked right before
 * - neighbour: a package with such a name, although others are known to be the owners: worth a mention, but never the cause
 * - made: the unit's own file, which is new: the unit has never worked, so the file alone explains nothing
 */
const weights = {
    named: 1,
    setting: 0.97,
    own: 0.95,
    argument: 0.9,
    owner: 0.8,
    namesake: 0.7,
    moment: 0.6,
    neighbour: 0.4,
    made: 0.3,
} as const;
/** What takes a file away from its readers. */
const takingAway: ReadonlySet<string> = new Set(['removed', 'renamed', 'permissions']);
/** How shortly before a fault such a change must be to count for its moment alone. Microseconds. */
const sameMoment = 2_000_000;
/** How long somebody writes at a new file. Microseconds. */
const writing = 600_000_000;
/**
 * The factor for changes that a fault does not name, if the fault points into another changed file: installing a package, for
 * example, often only restarts what an edit had broken.
 */
const besidePointed = 0.5;

/** Finds what was changed before something failed. */
export class Suspects {
    readonly #timeline: Timeline;
    readonly #run: Run;

    constructor({ timeline, run }: { timeline: Timeline; run: Run }) {
        this.#timeline = timeline;
        this.#run = run;
    }

    /** Calls `handler` for changes that are reported late and may precede a known fault. */
    watch(handler: (time: number) => void): Disposable {
        const added = ({ kind, time }: TimelineEntry) => {
            if (kinds.includes(kind)) handler(time);
        };
        this.#timeline.on('added', added);
        return {
            [Symbol.dispose]: () => {
                this.#timeline.off('added', added);
            },
        };
    }

    /** The most suspicious first, at most three. */
    async find(fault: Fault, signal: AbortSignal): Promise<Suspect[]> {
        const failed = beganAt(fault.incident);
        // A mistake in the settings existed before the unit failed because of it, and came from a change before that.
        const mistaken = Number(fault.incident.facts.mistaken ?? failed);
        const own = this.#ownWrites(Math.min(mistaken, failed) - window);
        const candidates = [...new Set([mistaken, failed])].flatMap(began => this.#changedBefore(began));
        const entries = candidates
            // A report of the fault itself is not its cause.
            .filter(({ entry }) => entry.summary !== fault.incident.title)
            .filter(({ entry: { kind, event, subject, facts } }) => {
                const key = event === 'permissions' ? permissionKey : writeKey;
                return kind !== 'file' || !own.has(key(subject, facts));
            });
        if (entries.length === 0) return [];
        const texts = [...fault.texts, ...(await throughLinks(fault.texts))];
        const hasPackages = entries.some(({ entry }) => entry.kind === 'package');
        const owners = hasPackages ? await this.#owners({ ...fault, texts }, signal) : new Set<string>();
        const isPointedAt = ({ kind, subject }: TimelineEntry) =>
            kind === 'file' && texts.some(text => pointsInto(text, subject));
        const isSomePointed = entries.some(({ entry }) => isPointedAt(entry));
        const latest = new Map<string, Suspect>();
        const creations = entries.map(({ entry }) => entry).filter(({ event }) => event === 'created');
        const isMade = ({ subject, time }: TimelineEntry) =>
            creations.some(created => created.subject === subject && Math.abs(time - created.time) < writing);
        const weigh = (of: TimelineEntry) => relation(of, { ...fault, texts }, { owners, isMade: isMade(of) });
        const atOnce = entries.filter(({ entry, began }) => Math.abs(began - entry.time) < sameMoment);
        const ofMoment = new Set(atOnce.map(({ entry }) => entry.id));
        for (const { entry, began, boot } of entries) {
            const isOnly = ofMoment.size === 1 && ofMoment.has(entry.id) && Math.abs(began - entry.time) < sameMoment;
            const isAlone = isOnly && entry.kind === 'file' && takingAway.has(entry.event);
            const weight = Math.max(weigh(entry), isAlone && fault.unit !== null ? weights.moment : 0);
            const share = isSomePointed && weight < weights.named ? besidePointed : 1;
            const isMissed = entry.kind === 'file' && isOldNameTied(entry, weigh);
            const before = Math.max(0, failed - entry.time);
            const isOfProgram = fault.unit === null && entry.kind === 'package' && owners.has(entry.subject);
            const half = isPointedAt(entry) ? window : isOfProgram ? day : hour;
            const score = weight * share * recency(entry.time, began, boot, half);
            const known = latest.get(`${entry.kind} ${entry.subject}`);
            if (score < worthMentioning || (known?.score ?? 0) >= score) continue;
            latest.set(`${entry.kind} ${entry.subject}`, { entry, score, before, isMissed });
        }
        return [...latest.values()]
            .sort((one, other) => other.score - one.score || one.before - other.before)
            .slice(0, mentioned);
    }

    /** What was changed before something began, and when the computer was last started before that. */
    #changedBefore(began: number): { entry: TimelineEntry; began: number; boot: number | null }[] {
        const since = began - window;
        const entries = this.#timeline.query({ since, until: began + disorder, kinds, limit: candidatesLimit });
        const [boot] = this.#timeline.query({ since, until: began, kinds: ['boot'], limit: 1 });
        return entries.map(entry => ({ entry, began, boot: boot?.time ?? null }));
    }

    /** What Reeve's own fixes wrote: it would not help to offer the contents that they replaced. */
    #ownWrites(since: number): ReadonlySet<string> {
        const repairs = (action: ActionName) =>
            this.#timeline.query({ since, kinds: ['action'], subject: action, limit: candidatesLimit });
        return new Set([
            ...repairs('file.revert').map(({ facts }) => writeKey(facts.path, facts)),
            ...repairs('file.permissions').map(({ facts }) => permissionKey(facts.path, facts)),
        ]);
    }

    /**
     * The packages that contain the file of a unit, its program or the one that failed, or the files that the messages name.
     */
    async #owners({ unit, incident, texts }: Fault, signal: AbortSignal): Promise<ReadonlySet<string>> {
        const program = unit?.process?.executable ?? '';
        const own = unit === null ? [incident.facts.executable ?? ''] : [unit.fragmentPath];
        // An interpreter or runner of other programs is no part of them.
        if (!interpreters.test(program.split('/').at(-1) ?? '')) own.push(program);
        const named = pathsIn(texts, packagedFile).slice(0, packagedFilesLimit);
        const paths = [...new Set([...own, ...named])].filter(path => path !== '');
        const found = await Promise.all(paths.map(path => packageOf(this.#run, path, signal)));
        return new Set([...found.filter(name => name !== null), ...librariesIn(texts)]);
    }
}

function writeKey(path: string | undefined, { before, after }: TimelineEntry['facts']): string {
    return JSON.stringify([path, before, after]);
}

function permissionKey(path: string | undefined, facts: TimelineEntry['facts']): string {
    return JSON.stringify([path, facts.mode_before, facts.mode_after]);
}

function pathsIn(texts: readonly string[], paths: RegExp): string[] {
    return [...new Set(texts.flatMap(text => text.match(paths) ?? []).map(path => path.replace(/\.+$/, '')))];
}

/** The texts that name links, such as those of /etc/nginx/sites-enabled, with the targets in place of the links. */
async function throughLinks(texts: readonly string[]): Promise<string[]> {
    const paths = pathsIn(texts, namedFile).slice(0, namedFilesLimit);
    const targets = await Promise.allSettled(paths.map(path => realpath(path)));
    return paths.flatMap((path, index) => {
        const target = targets[index];
        // A path that is missing or not accessible leads nowhere.
        if (target?.status !== 'fulfilled' || target.value === path) return [];
        return texts.filter(text => text.includes(path)).map(text => text.replaceAll(path, target.value));
    });
}

/** Debian's names of the libraries that texts name: Debian Policy Manual, 8.1 "Run-time shared libraries". */
function librariesIn(texts: readonly string[]): string[] {
    const libraries = texts.flatMap(text => [...text.matchAll(/(?<![\w.+-])(lib[\w+.-]{1,64}?)\.so\.(\d{1,4})/g)]);
    return libraries.flatMap(([, name = '', version = '']) => {
        const base = name.toLowerCase().replaceAll('_', '-');
        const whole = `${base}${/\d$/.test(base) ? '-' : ''}${version}`;
        // Libraries whose times became 64 bits wide have another name: https://wiki.debian.org/ReleaseGoals/64bit-time
        return [whole, `${whole}t64`];
    });
}

/**
 * Half after an hour, a quarter after three hours. Slower for the package of a program, which is not used all the time: half after a
 * day. Slowest for a file that the fault points into, since it may have been read only now: half after two days. A change before the
 * last start of the computer counts from that start, since it may have taken effect only then.
 */
function recency(changed: number, failed: number, boot: number | null, half: number): number {
    const from = boot !== null && changed < boot ? boot : changed;
    return 1 / (1 + Math.max(0, failed - from) / half);
}

/** Whether a renamed file is missing under its old name, rather than at fault under its new one. */
function isOldNameTied(entry: TimelineEntry, weigh: (of: TimelineEntry) => number): boolean {
    const { from, ...facts } = entry.facts;
    return from !== undefined && weigh({ ...entry, subject: from, facts }) > weigh({ ...entry, facts });
}

/** @param isMade the file was created just now, or is still being written */
function relation(
    entry: TimelineEntry,
    { incident, unit, texts }: Fault,
    { owners, isMade }: { owners: ReadonlySet<string>; isMade: boolean },
): number {
    if (entry.kind === 'package') {
        const { program = '' } = incident.facts;
        const isOwn = owners.has(entry.subject) || (entry.subject === program && !interpreters.test(program));
        if (isOwn) return weights.owner;
        if (!isPackageNamesake(entry.subject, incident, unit)) return 0;
        if (owners.size === 0) return weights.namesake;
        // Many packages share the name of a program such as python3. If the program's own package is known, they do not count.
        return unit === null ? 0 : weights.neighbour;
    }
    const names = [entry.subject, entry.facts.interface, entry.facts.node, entry.facts.from].filter(
        name => name !== undefined && name !== '',
    );
    if (names.some(name => texts.some(text => namesIn(text, name ?? '')))) return weights.named;
    if (isMade && isFileOf(unit, entry.subject)) return weights.made;
    if (unit?.named.some(({ path }) => names.includes(path)) === true) return weights.setting;
    const own = [incident.subject, ...(unit === null ? [] : [unit.fragmentPath, unit.sourcePath, ...unit.dropInPaths])];
    if (names.some(name => own.includes(name ?? ''))) return weights.own;
    const argv = unit?.process?.commands.flat() ?? [];
    if (names.some(name => argv.some(argument => namesIn(argument, name ?? '')))) return weights.argument;
    // A subject that is no unit has no file of its name in /etc; the name of an extension or a device comes from elsewhere.
    return entry.kind === 'file' && unit !== null ? fileNamesake(entry.subject, incident, unit) : 0;
}

/** Whether it is what a unit was read or generated from. */
export function isFileOf(unit: UnitDetails | null, path: string): boolean {
    return unit !== null && (path === unit.fragmentPath || path === unit.sourcePath);
}

/** Whether a text contains a name as a whole, not only as part of a longer one. */
function namesIn(text: string, name: string): boolean {
    if (name.length < 3) return false;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
        const isWord = (character: string | undefined) => character !== undefined && /[\w/-]/.test(character);
        if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
    }
    return false;
}

/** Whether a text names a line of a file: "FILE:12", "FILE line 12", "on line 12 of FILE". */
function pointsInto(text: string, path: string): boolean {
    if (!namesIn(text, path)) return false;
    return /\bline:? ?#?\d/i.test(text) || /^[:(]\d/.test(text.slice(text.indexOf(path) + path.length));
}

/** Links ssh.service, which runs sshd, to /etc/ssh/sshd_config and /etc/default/ssh. */
function fileNamesake(path: string, incident: Fault['incident'], unit: UnitDetails): number {
    const parts = path.split('/').filter(part => part !== '');
    const names = namesOf(incident.subject, unit);
    const isNamesake = parts.slice(1).some(part => names.has(stem(part)));
    return isNamesake ? weights.namesake : 0;
}

/** Links ssh.service to openssh-server, if no owner is known. */
function isPackageNamesake(name: string, incident: Fault['incident'], unit: UnitDetails | null): boolean {
    const names = [...namesOf(incident.subject, unit)].filter(each => each.length >= 3);
    return name.split('-').some(part => names.includes(part));
}

/** The unit's name, without its type and instance, and the name of the program it runs, with and without the d of a daemon. */
function namesOf(subject: string, unit: UnitDetails | null): Set<string> {
    const program = unit?.process?.executable?.split('/').at(-1);
    const all = [...(unit?.names ?? []), subject].map(stem);
    if (program !== undefined && !interpreters.test(program)) all.push(stem(program));
    return new Set(all.flatMap(name => [name, name.replace(/d$/, '')]).filter(name => name.length >= 3));
}

const interpreters = /^(?:sh|bash|dash|env|python[\d.]*|perl|node|ruby|systemctl|true|false|sleep)$/;

/** The part before the first dot, at sign, underscore or hyphen that is followed by a word such as config. */
function stem(name: string): string {
    return name.replace(/[@.].*$/, '').replace(/[-_](?:config|conf|settings|options|defaults?)$/, '');
}
