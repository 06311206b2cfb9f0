import { BusError } from '../../dbus/connection.ts';
import type { Scope, UnitState } from '../../model/unit.ts';
import type { Systemd } from './systemd.ts';
import { isNear } from '../../text/editDistance.ts';

/** A unit that a question may mean. `activeState` is null when its file is on disk and it is not loaded. */
export type FoundUnit = {
    scope: Scope;
    name: string;
    description: string;
    activeState: string | null;
    subState: string | null;
    /** How well the name fits, 0 to 100; from 60 on it is more than a likeness. */
    fit: number;
};

type Candidate = Omit<FoundUnit, 'fit'>;

/** Kinds of units that nobody means unless they name the kind. */
const background = /\.(?:device|slice|target|swap|automount)$/;
const kinds = /\.(?:service|socket|timer|mount|path|scope|device|slice|target|swap|automount)$/;
const shown = 12;
/** From this fit on, a better one need not be searched. */
const certainFit = 80;
const scopes = ['system', 'user'] as const;

/**
 * Units that fit words of a person, best first: those with the best fit of all, and what belongs to them.
 *
 * @param words in lower case
 * @param names of units without suffix that the words are known to stand for
 */
export async function findUnits(
    systemd: Pick<Systemd, 'list' | 'listFiles' | 'isReachable'>,
    words: readonly string[],
    names: readonly string[],
    signal: AbortSignal,
): Promise<FoundUnit[]> {
    const loaded = await loadedUnits(systemd, signal);
    const found = rankUnits(loaded ?? [], words, names);
    // The managers go through their folders for what they have not loaded, which takes long.
    if (loaded === null || (found[0]?.fit ?? 0) >= certainFit) return found;
    return rankUnits([...loaded, ...(await unloadedUnits(systemd, loaded, signal))], words, names);
}

/** Units of both managers that are loaded and exist; null when there is no manager here that answers. */
export async function loadedUnits(
    systemd: Pick<Systemd, 'list' | 'isReachable'>,
    signal: AbortSignal,
    states: string[] = [],
): Promise<UnitState[] | null> {
    const lists = await Promise.all(
        scopes.map(scope => answered(systemd, scope, () => systemd.list(scope, { states, signal }))),
    );
    if (lists.every(list => list === null)) return null;
    return lists.flatMap(list => list ?? []).filter(unit => unit.loadState !== 'not-found');
}

/** Units in the failed state, of both managers; null when there is no manager here that answers. */
export function failedUnits(
    systemd: Pick<Systemd, 'list' | 'isReachable'>,
    signal: AbortSignal,
): Promise<UnitState[] | null> {
    return loadedUnits(systemd, signal, ['failed']);
}

/** Units that have a file and are not loaded. A template is no unit. */
async function unloadedUnits(
    systemd: Pick<Systemd, 'listFiles' | 'isReachable'>,
    loaded: readonly UnitState[],
    signal: AbortSignal,
): Promise<Candidate[]> {
    const lists = await Promise.all(
        scopes.map(async scope => {
            const known = new Set(loaded.filter(unit => unit.scope === scope).map(({ name }) => name));
            const files = (await answered(systemd, scope, () => systemd.listFiles(scope, { signal }))) ?? [];
            return files
                .filter(({ name }) => !known.has(name) && !name.includes('@.'))
                .map(({ name }) => ({ scope, name, description: '', activeState: null, subState: null }));
        }),
    );
    return lists.flat();
}

/** What a manager answers, or null: a bus may be there without a manager on it, as where systemd is not PID 1. */
export async function answered<Result>(
    systemd: Pick<Systemd, 'isReachable'>,
    scope: Scope,
    ask: () => Promise<Result>,
): Promise<Result | null> {
    if (!systemd.isReachable(scope)) return null;
    try {
        return await ask();
    } catch (error) {
        if (error instanceof BusError) return null;
        throw error;
    }
}

export function rankUnits(
    candidates: readonly Candidate[],
    words: readonly string[],
    names: readonly string[],
): FoundUnit[] {
    const found: FoundUnit[] = [];
    for (const { scope, name, description, activeState, subState } of candidates) {
        const fit = Math.max(fitOfNames(name, names), fitOfWords(name, description, words));
        if (fit > 0) found.push({ scope, name, description, activeState, subState, fit });
    }
    found.sort((a, b) => b.fit - a.fit || preference(b) - preference(a) || (a.name < b.name ? -1 : 1));
    const best = found[0]?.fit ?? 0;
    return found.filter(({ fit }) => fit >= best - 10 || (best >= 90 && fit >= 80)).slice(0, shown);
}

const baseOf = (name: string) => name.replace(kinds, '');

/** Names that are listed first fit better: they are what the thing mostly is. */
function fitOfNames(unit: string, names: readonly string[]): number {
    if (background.test(unit)) return 0;
    const base = baseOf(unit).toLowerCase();
    const index = names.findIndex(name => {
        const wanted = name.toLowerCase();
        return base === wanted || base.split('@')[0] === wanted;
    });
    return index < 0 ? 0 : Math.max(80, 98 - index * 2);
}

function fitOfWords(unit: string, description: string, words: readonly string[]): number {
    const name = unit.toLowerCase();
    const base = baseOf(name);
    const joined = words.join('-');
    if (joined === '') return 0;
    if (name === joined) return 100;
    if (background.test(name)) return 0;
    if (base === joined || base === words.join('')) return 97;
    if (base === `${joined}d` || `${base}d` === joined || base.split('@')[0] === joined) return 92;
    const parts = base.split(/[-_.@:]/);
    if (base.startsWith(joined) && /^[-_.@:]/.test(base.slice(joined.length))) return 80;
    if (base.endsWith(joined) && /[-_.@:]$/.test(base.slice(0, -joined.length))) return 78;
    if (words.every(word => parts.includes(word))) return 75;
    if (joined.length >= 4 && base.startsWith(joined)) return 62;
    const described = description.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    if (words.every(word => word.length >= 4 && described.includes(word))) return 50;
    if (joined.length >= 5 && isNear(base, joined, joined.length >= 8 ? 2 : 1)) return 40;
    return 0;
}

/** Of units that fit equally well, services come before what starts them, and what runs before what does not. */
function preference({ name, activeState, scope }: Candidate): number {
    const kind = name.endsWith('.service') ? 8 : /\.(?:socket|timer|mount|path)$/.test(name) ? 4 : 0;
    return kind + (activeState === 'active' || activeState === 'failed' ? 2 : 0) + (scope === 'system' ? 1 : 0);
}
