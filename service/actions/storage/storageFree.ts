import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Plan, Step } from '../../model/proposal.ts';
import { dumpFolder, freeable, readFreeable, thumbnailFolder, type Freeable } from '../../machine/storage/freeable.ts';
import type { Surroundings } from '../surroundings.ts';
import { defineAction } from '../action.ts';
import { journalKept, journalVacuum } from '../files/journalVacuum.ts';
import { packagesCleanCache } from '../packages/packagesCleanCache.ts';
import { trashEmpty } from '../files/trashEmpty.ts';
import { programStep } from '../programStep.ts';
import type { SlotValues } from '../wish.ts';

/** `amount`: the bytes that a person asked for; absent when they asked for space as such. */
const parameters = z.strictObject({
    parts: z.array(z.enum(freeable)).min(1).max(freeable.length),
    amount: z.number().positive().optional(),
});

type Wanted = z.infer<typeof parameters>;
type Asked = Surroundings & { signal: AbortSignal };
/** What is smaller is not worth its step. Bytes. */
const least = 20_000_000;

/** What people call the units, and the bytes of each. GNOME counts in powers of ten. */
const units: SlotValues = {
    1e6: ['mb', 'megabyte', 'megabytes', 'meg', 'ميغابايت', 'ميجابايت', 'ميغا', 'ميجا'],
    [2 ** 20]: ['mib'],
    1e9: ['gb', 'gigabyte', 'gigabytes', 'gig', 'gigs', 'غيغابايت', 'جيجابايت', 'غيغا', 'جيجا'],
    [2 ** 30]: ['gib'],
    1e12: ['tb', 'terabyte', 'terabytes', 'تيرابايت'],
};

/** Deletes what is made or fetched again when it is needed, and the trash only for an amount that is not reached without it. */
export const storageFree = defineAction({
    name: 'storage.free',
    parameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(free|free up|make|get|clear) [me] [up] [some|more] [disk|storage] (space|room|storage) [on disk|on computer]',
                    '(clean|clean up) (disk|computer|drive|up disk)',
                ],
                de: [
                    '(schaffe|mach|mache) [mehr] (platz|speicherplatz) [frei] [auf festplatte]',
                    '[mehr] (platz|speicherplatz) (schaffen|freigeben|freiraumen|frei machen)',
                    '(festplatte|rechner|computer) aufraumen',
                ],
                ar: ['(حرر|وفر|افرغ|تحرير|توفير) مساحة [على القرص]'],
            },
            parameters: async (_slots, asked): Promise<Wanted[]> => {
                const sizes = await worthwhile(asked);
                const parts = freeable.filter(part => part !== 'trash' && sizes.has(part));
                if (parts.length === 0) throw nothingToFree();
                return [{ parts }];
            },
        },
        {
            phrases: {
                en: [
                    '(free|free up|clear|clear up|make|get|reclaim) [me] [up] [another|at least|about|some] {amount} {unit} [more] [of] [free] [disk|storage] [space|room|storage] [on disk|on computer]',
                    '(delete|remove) {amount} {unit} [of] (junk|rubbish|garbage|unneeded files)',
                ],
                de: [
                    '(gib|gebe|mach|mache|raume|schaffe) [mir] [mindestens|etwa] {amount} {unit} [platz|speicher|speicherplatz] [frei] [auf festplatte]',
                    '[mindestens|etwa] {amount} {unit} [platz|speicher|speicherplatz] [auf festplatte] (freigeben|freimachen|freiraumen|schaffen|frei machen)',
                ],
                ar: ['(حرر|وفر|افرغ|تحرير|توفير) {amount} {unit} [من] [مساحة] [على القرص]'],
            },
            slots: { unit: units },
            parameters: async ({ amount = '', unit = '' }, asked): Promise<Wanted[]> => {
                const wanted = Number(amount) * Number(unit);
                if (!(wanted > 0)) return [];
                const parts: Freeable[] = [];
                let sum = 0;
                for (const [part, size] of await worthwhile(asked)) {
                    if (sum >= wanted) break;
                    parts.push(part);
                    sum += size;
                }
                if (parts.length === 0) throw nothingToFree();
                return [{ parts, amount: wanted }];
            },
        },
    ],
    async plan({ parts, amount = 0 }, asked) {
        const sizes = await worthwhile(asked);
        const left = [...sizes].filter(([part]) => parts.includes(part));
        if (left.length !== parts.length) throw nothingToFree();
        const sum = left.reduce((total, [, size]) => total + size, 0);
        const trash = parts.includes('trash') ? await trashEmpty.plan({}, asked) : null;
        const steps = await Promise.all(left.map(([part]) => stepFor(part, asked)));
        const listed = left.map(([part, size]) => `${nameOf(part)} ${shown(size)}`).join(', ');
        const frees = _('This frees about {size}: {parts}.', { size: shown(sum), parts: listed });
        const less = _('That is less than {amount}: nothing else can be deleted without a loss.', {
            amount: shown(amount),
        });
        return {
            title:
                trash === null
                    ? _('Delete what is not needed any more')
                    : _('Delete what is not needed any more, and empty the trash'),
            explanation: sum < amount ? `${frees} ${less}` : frees,
            steps,
            risk: trash === null ? 'low' : 'high',
            riskText: [
                trash?.riskText ??
                    _('None of your files is deleted. What is needed again is downloaded or made again.'),
                ...(parts.includes('dumps') ? [_('Why a program crashed can no longer be found in its memory.')] : []),
            ].join(' '),
            ...(trash?.subject !== undefined && { subject: trash.subject }),
            undo: null,
            authentication: left.some(([part]) => part !== 'thumbnails' && part !== 'trash'),
            preconditions: { ...trash?.preconditions },
        };
    },
    async verify({ parts }, asked) {
        const sizes = await worthwhile(asked, 2 * least);
        const left = parts.filter(part => sizes.has(part));
        return {
            gone: left.length === 0,
            detail: left.length === 0 ? '' : _('Still there: {parts}', { parts: left.map(nameOf).join(', ') }),
        };
    },
});

/** Bytes of what is large enough, in the order of what is missed least. */
async function worthwhile({ machine, signal }: Asked, from = least): Promise<ReadonlyMap<Freeable, number>> {
    const sizes = machine === null ? null : await readFreeable(machine, { kept: journalKept, signal });
    return new Map(freeable.map(part => [part, sizes?.[part] ?? 0] as const).filter(([, size]) => size >= from));
}

async function stepFor(part: Freeable, asked: Asked): Promise<Step> {
    if (part === 'thumbnails')
        return {
            description: _('Delete the thumbnails of pictures and documents'),
            ...programStep('user', ['find', thumbnailFolder(), '-xdev', '-mindepth', '1', '-delete']),
        };
    if (part === 'dumps')
        return {
            description: _('Delete the memory of programs that crashed'),
            ...programStep('system', ['find', dumpFolder, '-xdev', '-mindepth', '1', '-name', 'core.*', '-delete']),
        };
    const action = { packages: packagesCleanCache, journal: journalVacuum, trash: trashEmpty }[part];
    const [step] = (await action.plan({}, asked)).steps satisfies Plan['steps'];
    if (step === undefined) throw new TypeError('a plan without steps');
    return step;
}

function nameOf(part: Freeable): string {
    switch (part) {
        case 'packages':
            return _('downloaded packages');
        case 'journal':
            return _('old log entries');
        case 'thumbnails':
            return _('thumbnails');
        case 'dumps':
            return _('memory of crashed programs');
        case 'trash':
            return _('trash');
    }
}

/** Rounded down, so that what is written meanwhile does not make another plan of it. */
function shown(bytes: number): string {
    return bytes >= 1e9 ? `${(Math.floor(bytes / 1e8) / 10).toFixed(1)} GB` : `${Math.floor(bytes / 2e7) * 20} MB`;
}

function nothingToFree(): ReeveError {
    return new ReeveError('InvalidState', _('There is nothing that I could delete without a loss'));
}
