/** Which models of the catalogue suit this computer, and why. */
import type { Format } from '../i18n/format.ts';
import { _ } from '../i18n/i18n.ts';
import { catalogue, sizeOf, type CatalogueEntry } from './catalogue.ts';
import { budget, needOf, placeOf, type Need, type Place } from './fit.ts';
import type { Role } from './role.ts';
import type { Survey } from './survey.ts';

export type Assessment = {
    entry: CatalogueEntry;
    /** Bytes of the file, estimated when the catalogue does not give them. */
    size: number;
    need: Need;
    place: Place;
    /** Whether the disk has space for the file. */
    hasSpace: boolean;
    /** Whether it would answer about as fast as people read. */
    isFast: boolean;
    /** Its recommended role; empty for most. */
    roles: readonly Role[];
    /** In a sentence or two. */
    reason: string;
};

const gibibyte = 1_073_741_824;
/** Left free on the disk beside the model. */
export const diskReserve = gibibyte;
/**
 * A model for quick work computes at most so many billion parameters for a token on a graphics card, on a processor half of
 * what is bearable there; and it is not so large that keeping it at hand costs the desktop its memory.
 */
const quickParameters = { active: 4, all: 8 };

/** Billions of parameters that processors get through at reading speed. Memory is what bounds it; cores stand in for it. */
function parametersFor(cores: number): number {
    if (cores >= 8) return 8;
    return cores >= 4 ? 4 : 2;
}

/**
 * Before the file is there: a cache of 40 layers of 8 key-value heads of 128 numbers, and a vocabulary of 152,000
 * tokens, as the larger ones of the catalogue have.
 */
export function estimateNeed(entry: CatalogueEntry): Need {
    const cachePerToken = 40 * 8 * (128 + 128) * 2;
    return needOf({ weights: sizeOf(entry), cachePerToken, vocabulary: 152_000, context: entry.context });
}

/** All of the catalogue, from the weakest to the strongest. */
export function assess(survey: Survey, format: Format): Assessment[] {
    const judged = catalogue().map(entry => {
        const need = estimateNeed(entry);
        const place = placeOf(need, survey);
        const size = sizeOf(entry);
        const hasSpace = size + diskReserve <= survey.disk;
        const isFast = place === 'gpu' || entry.activeParameters <= parametersFor(survey.cores);
        return { entry, size, need, place, hasSpace, isFast };
    });
    const suitable = judged.filter(({ place, hasSpace, isFast }) => place !== 'none' && hasSpace && isFast);
    const hard = suitable.at(-1)?.entry;
    const isQuick = ({ entry, place }: (typeof judged)[number]) =>
        entry.parameters <= quickParameters.all &&
        entry.activeParameters <= (place === 'gpu' ? quickParameters.active : parametersFor(survey.cores) / 2);
    const quick = suitable.findLast(isQuick)?.entry ?? hard;
    return judged.map(one => ({
        ...one,
        roles: [...(one.entry === quick ? ['quick' as const] : []), ...(one.entry === hard ? ['hard' as const] : [])],
        reason: reasonFor(one, survey, format),
    }));
}

function reasonFor(
    { place, need, hasSpace, isFast, size }: Omit<Assessment, 'roles' | 'reason'>,
    survey: Survey,
    format: Format,
): string {
    const needed = format.size(need.total);
    const { ram, vram } = budget(survey);
    if (place === 'none') {
        const available = format.size(ram + vram);
        return _('Needs about {needed} of memory; this computer can provide {available}.', { needed, available });
    }
    if (!hasSpace) {
        return _('Takes {size} of disk space; {free} are free.', {
            size: format.size(size),
            free: format.size(survey.disk),
        });
    }
    const where = {
        gpu: () => _('Fits into graphics memory: about {needed}.', { needed }),
        split: () => _('Fits partly into graphics memory: about {needed} in total.', { needed }),
        cpu: () => _('Runs on the processor, using about {needed} of memory.', { needed }),
    }[place]();
    return isFast ? where : `${where} ${_('Its answers would be slow.')}`;
}

/**
 * Why a model cannot run here, or null when it can, with an alternative.
 *
 * @param name for people
 */
export function misfit(name: string, need: Need, survey: Survey, format: Format): string | null {
    if (placeOf(need, survey) !== 'none') return null;
    const { ram, vram } = budget(survey);
    const text = _('{name} needs about {needed} of memory; this computer can provide {available}.', {
        name,
        needed: format.size(need.total),
        available: format.size(ram + vram),
    });
    const fitting = assess(survey, format).findLast(one => one.place !== 'none' && one.hasSpace);
    return fitting === undefined
        ? `${text} ${_('No model in the catalogue fits.')}`
        : `${text} ${_('{other} fits: {id}', { other: fitting.entry.name, id: fitting.entry.id })}`;
}
