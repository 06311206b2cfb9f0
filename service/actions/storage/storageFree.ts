import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Plan, Step } from '../../model/proposal.ts';
import { freeable, readFreeable, thumbnailFolder, type Freeable } from '../../machine/storage/freeable.ts';
import type { Surroundings } from '../surroundings.ts';
import { defineAction } from '../action.ts';
import { journalKept, journalVacuum } from '../files/journalVacuum.ts';
import { packagesCleanCache } from '../packages/packagesCleanCache.ts';
import { programStep } from '../programStep.ts';

const parameters = z.strictObject({ parts: z.array(z.enum(freeable)).min(1).max(freeable.length) });

type Asked = Surroundings & { signal: AbortSignal };
/** What is smaller is not worth its step. Bytes. */
const least = 20_000_000;

/** Deletes what is made or fetched again when it is needed: downloaded packages, old log entries, thumbnails. */
export const storageFree = defineAction({
    name: 'storage.free',
    parameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(free|free up|make|get|clear) [me] [up] [some|more] [disk|storage] (space|room|storage) [on disk|on computer]',
                    '(free|free up|clear) {number} (gb|gigabytes|gigabyte|mb|megabytes) [of] [disk] [space]',
                    '(free|free up|clear) {number} (gb|gigabytes|mb) on disk',
                    '(clean|clean up) (disk|computer|drive|up disk)',
                ],
                de: [
                    '(schaffe|mach|mache) [mehr] (platz|speicherplatz) [frei] [auf festplatte]',
                    '[mehr] (platz|speicherplatz) (schaffen|freigeben|freiraumen|frei machen)',
                    '(gib|gebe) {number} (gb|gigabyte|mb|megabyte) frei',
                    '{number} (gb|gigabyte|mb|megabyte) (freigeben|freimachen)',
                    '(festplatte|rechner|computer) aufraumen',
                ],
                ar: [
                    '(حرر|وفر|افرغ|تحرير|توفير) مساحة [على القرص]',
                    '(حرر|وفر) {number} (غيغابايت|جيجابايت|ميغابايت) [من مساحة]',
                ],
            },
            parameters: async (_slots, { machine, signal }) => {
                const sizes = machine === null ? null : await readFreeable(machine, { kept: journalKept, signal });
                const parts = freeable.filter(part => (sizes?.[part] ?? 0) >= least);
                if (parts.length === 0) throw nothingToFree();
                return [{ parts }];
            },
        },
    ],
    async plan({ parts }, asked) {
        const { machine, signal } = asked;
        const sizes = machine === null ? null : await readFreeable(machine, { kept: journalKept, signal });
        const left = freeable.filter(part => parts.includes(part) && (sizes?.[part] ?? 0) >= least);
        if (sizes === null || left.length !== parts.length) throw nothingToFree();
        const steps = await Promise.all(left.map(part => stepFor(part, asked)));
        return {
            title: _('Delete what is not needed any more'),
            explanation: _('This frees about {size}: {parts}.', {
                size: shown(left.reduce((sum, part) => sum + sizes[part], 0)),
                parts: left.map(part => `${nameOf(part)} ${shown(sizes[part])}`).join(', '),
            }),
            steps,
            risk: 'low',
            riskText: _('None of your files is deleted. What is needed again is downloaded or made again.'),
            undo: null,
            authentication: left.some(part => part !== 'thumbnails'),
            preconditions: {},
        };
    },
    async verify({ parts }, { machine, signal }) {
        const sizes = machine === null ? null : await readFreeable(machine, { kept: journalKept, signal });
        const left = parts.filter(part => (sizes?.[part] ?? 0) >= 2 * least);
        return {
            gone: left.length === 0,
            detail: left.length === 0 ? '' : _('Still there: {parts}', { parts: left.map(nameOf).join(', ') }),
        };
    },
});

async function stepFor(part: Freeable, asked: Asked): Promise<Step> {
    if (part === 'thumbnails')
        return {
            description: _('Delete the thumbnails of pictures and documents'),
            ...programStep('user', ['find', thumbnailFolder(), '-xdev', '-mindepth', '1', '-delete']),
        };
    const action = part === 'packages' ? packagesCleanCache : journalVacuum;
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
    }
}

/** Rounded down, so that what is written meanwhile does not make another plan of it. */
function shown(bytes: number): string {
    return bytes >= 1e9 ? `${(Math.floor(bytes / 1e8) / 10).toFixed(1)} GB` : `${Math.floor(bytes / 2e7) * 20} MB`;
}

function nothingToFree(): ReeveError {
    return new ReeveError('InvalidState', _('There is nothing that I could delete without a loss'));
}
