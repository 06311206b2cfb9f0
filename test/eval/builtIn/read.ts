import { isDeepStrictEqual } from 'node:util';

import type { ProposedFix } from '../../../service/actions/action.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { answers } from '../../../service/assistant/answers/index.ts';
import { choose } from '../../../service/assistant/choice.ts';
import { understand } from '../../../service/assistant/understanding.ts';
import { readSeveral } from '../../../service/assistant/wishes/severalWishes.ts';
import type { WishReading } from '../../../service/assistant/wishes/declaredWishes.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import { rankUnits } from '../../../service/machine/units/units.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { desktopUnits } from '../../unit/assistant/desktopUnits.ts';
import { programs } from './computer.ts';

/** What the assistant takes a line for. */
export type Reading =
    | { kind: 'question'; answers: readonly string[]; named: readonly string[] }
    | {
          kind: 'wish';
          actions: readonly string[];
          parameters: Readonly<Record<string, unknown>> | null;
          named: readonly string[];
      }
    | { kind: 'refusal' };

/** All questions are asked at this moment. */
const now = Date.UTC(2026, 10, 21, 12) * 1000;

/** Reads a line as the assistant does: first as a wish, then as a question. It neither plans nor answers. */
export async function readLine(text: string, system: Surroundings & { signal: AbortSignal }): Promise<Reading> {
    return (await readAsWish(text, system)) ?? (await readAsQuestion(text));
}

async function readAsWish(text: string, system: Surroundings & { signal: AbortSignal }): Promise<Reading | null> {
    const parts = await readSeveral(text, system);
    if (parts !== null) {
        const ways = parts.flatMap(part => part.ways.slice(0, 1));
        const named = ways.flatMap(({ parameters }) => Object.values(parameters).map(String));
        return {
            kind: 'wish',
            actions: ways.map(({ action }) => action),
            parameters: ways[0]?.parameters ?? null,
            named,
        };
    }
    const wish = readWish(text, system);
    if (wish === null) return null;
    const [best] = wish.readings;
    // Of a wish that was only likely, nearly each word might be a name.
    const saidOf = ({ said, phrase }: (typeof wish.readings)[number]) => (phrase === '' ? [] : Object.values(said));
    const said = wish.readings.flatMap(saidOf);
    try {
        const [way] = await wish.ways();
        if (way === undefined) return null;
        const taken = await takenFrom(wish.readings, way, system);
        const named = [...said, ...Object.values(taken), ...Object.values(way.parameters).map(String)];
        return { kind: 'wish', actions: [way.action], parameters: way.parameters, named };
    } catch (error) {
        if (!(error instanceof ReeveError)) throw error;
        if (wish.isQuestion || best === undefined) return null;
        // Understood, and impossible on this computer, of which the person hears.
        return { kind: 'wish', actions: [best.id], parameters: null, named: said };
    }
}

/** What the reading says of which a way was made. */
async function takenFrom(
    readings: readonly WishReading[],
    { action, parameters }: ProposedFix,
    system: Surroundings & { signal: AbortSignal },
): Promise<WishReading['said']> {
    for (const { id, said, wish } of readings) {
        const read = async () => await wish.parameters(said, system);
        const [made] = id === action ? await read().catch(() => []) : [];
        if (isDeepStrictEqual(made, parameters)) return said;
    }
    return {};
}

async function readAsQuestion(text: string): Promise<Reading> {
    const read = understand(text, answers, now);
    const known = new Set(read.mayName.filter(name => programs.has(name)));
    const understanding = known.size === 0 ? read : understand(text, answers, now, known);
    const {
        answers: chosen,
        said,
        units,
    } = await choose(understanding, ({ words, units: names }) =>
        Promise.resolve(rankUnits(desktopUnits, words, names).sort((one, other) => other.fit - one.fit)),
    );
    const ids = chosen.map(({ id }) => id);
    // “Request” says that nothing can be done about it: a refusal that knows the kind of line.
    // So is that there is no unit of that name.
    const { subject } = understanding;
    const isMissed = ids[0] === 'unit' && units.length === 0 && subject?.known === false;
    if (ids.length === 0 || ids.includes('request') || isMissed) return { kind: 'refusal' };
    const named = [
        ...Object.values(said),
        ...understanding.names,
        ...(understanding.path === null ? [] : [understanding.path]),
        ...(understanding.subject?.words ?? []),
        ...units.map(({ name }) => name),
    ];
    return { kind: 'question', answers: ids, named };
}
