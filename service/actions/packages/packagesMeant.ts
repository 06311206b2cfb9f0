import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isNixos } from '../../machine/nixos/nixos.ts';
import { debianPackage } from '../../machine/packages/aptSimulation.ts';
import type { Surroundings } from '../surroundings.ts';
import type { KnownPackage } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Words of a purpose that say nothing of it. */
const empty = new Set(
    'to for of in on and or with that which can any some file files it do program app application tool software um zu zum fur und oder mit datei dateien die der das'.split(
        ' ',
    ),
);
/** What a program is called that does this. */
const doers: readonly [RegExp, RegExp][] = [
    [/^(?:shows?|views?|opens?|displays?|reads?|looks?|zeig\w*|anzeigen|ansehen|offnen)$/, /viewer|reader|browser/i],
    [/^(?:edits?|editing|changes?|writes?|bearbeite\w*|schreib\w*)$/, /editor|processor/i],
    [/^(?:plays?|playing|hear|listens?|watch|abspielen|spiel\w*|hore\w*)$/, /player|game/i],
    [/^(?:records?|recording|captures?|aufnehmen|aufzeichnen)$/, /record|capture/i],
    [/^(?:draws?|drawing|paints?|painting|zeichne\w*|male\w*)$/, /draw|paint/i],
    [/^(?:burns?|burning|brenne\w*)$/, /burn/i],
    [/^(?:downloads?|downloading|herunterladen)$/, /download/i],
];
/** Packages of a program's parts, which nobody asks for. */
const parts =
    /^(?:lib|python3?-|ruby-|golang-|node-|r-cran-|php-)|-(?:dev|doc|dbg|dbgsym|common|data|l10n|locale-.*|perl|examples|utils-.*)$/;

/** Words that stand where a name would. */
const notNames =
    /^(?:this|that|it|all|everything|something|anything|updates?|upgrades?|errors?|today|now|again|more|account|files?|firmware|bios|drivers?|phone|clock|time|password|settings?|alles|etwas|aktualisierungen|fehler|konto|dateien)$/;

/** A name as a person writes it, in the form of a package's name. */
export function packageForm(name: string): string {
    return name.toLowerCase().replaceAll(/[\s_]+/g, '-');
}

/** Whether the words are no name at all: “Installing updates fails” names no package, “install frobnicate” one that is not there. */
export function isNoName(words: string): boolean {
    return words.includes(' ') || notNames.test(words);
}

/** The packages that a program of this name may be in. @param wanted as `packageForm` gives it */
export function namesOf(wanted: string): string[] {
    const names = [wanted, wanted.replaceAll('-', ''), `gnome-${wanted}`];
    return [...new Set(names)].filter(name => debianPackage.test(name));
}

/** The package of a program that a person names: "vlc", "Gnome Chess". */
export async function packagesNamed({ name = '' }: Readonly<Record<string, string>>, { machine, signal }: Asked) {
    const wanted = packageForm(name);
    if (machine === null || !debianPackage.test(wanted) || (await isNixos(machine))) return [];
    const names = namesOf(wanted);
    const manager = await packageManagerOf(machine);
    const found = await manager.search(machine, [wanted.split('-').at(-1) ?? wanted], signal);
    const known = names.filter(candidate => found.some(each => each.name === candidate));
    if (known.length === 0 && isNoName(name)) return [];
    if (known.length === 0) throw new ReeveError('InvalidState', _('I found no package called “{name}”', { name }));
    return known.map(each => ({ names: [each] }));
}

/** The installed package of a program that a person names. Nothing is changed that was only meant by a part of its name. */
export async function installedMeant(name: string, { machine, signal }: Asked): Promise<{ name: string }[]> {
    const wanted = packageForm(name);
    const names = namesOf(wanted).filter(each => !each.startsWith('gnome-') || wanted.startsWith('gnome-'));
    if (machine === null || (await isNixos(machine))) return [];
    const manager = await packageManagerOf(machine);
    const there = await Promise.all(names.map(each => manager.isInstalled(machine, each, signal)));
    const found = names.filter((_name, index) => there[index] === true);
    if (found.length === 0 && isNoName(name)) return [];
    if (found.length === 0) throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
    return found.map(each => ({ name: each }));
}

/** Packages of programs that serve a purpose: "shows hex files". */
export async function packagesFor({ purpose = '' }: Readonly<Record<string, string>>, { machine, signal }: Asked) {
    const said = purpose.toLowerCase().split(' ');
    const does = said.map(word => doers.find(([verb]) => verb.test(word))?.[1]).find(noun => noun !== undefined);
    const meant = said
        .filter(word => word.length > 2 && !empty.has(word) && !doers.some(([verb]) => verb.test(word)))
        .map(word => word.replace(/(?<=\p{L}{4})s$/u, ''));
    if (machine === null || meant.length === 0 || (await isNixos(machine))) return [];
    const found = (await (await packageManagerOf(machine)).search(machine, meant, signal)).filter(
        ({ name }) => !parts.test(name),
    );
    if (found.length === 0) throw new ReeveError('InvalidState', _('I found no package for “{purpose}”', { purpose }));
    return found
        .map(known => ({ known, fit: fitOf(known, meant) + (does?.test(known.summary) === true ? 2 : 0) }))
        .sort((one, other) => other.fit - one.fit || one.known.name.length - other.known.name.length)
        .map(({ known: { name } }) => ({ names: [name] }));
}

/** Programs with a window of this desktop come first; a word in the name or the summary counts more than one further down. */
function fitOf({ name, summary }: KnownPackage, words: readonly string[]): number {
    const line = summary.toLowerCase();
    const named = words.filter(word => name.includes(word)).length;
    const said = words.filter(word => line.includes(word)).length;
    const isWindowed = /\bgnome\b|\bgtk/i.test(summary);
    const isProgram = /\b(?:viewer|editor|player|browser|manager|client|reader|recorder|game)\b/i.test(summary);
    return named + 2 * said + (isWindowed ? 1 : 0) + (isProgram ? 1 : 0);
}
