import { Format } from '../../../service/i18n/format.ts';
import { budget, needOf, placeOf } from '../../../service/modelFiles/fit.ts';
import { assess, estimateNeed, misfit } from '../../../service/modelFiles/recommend.ts';
import type { Role } from '../../../service/modelFiles/role.ts';
import type { Survey } from '../../../service/modelFiles/survey.ts';
import { catalogue, findEntry } from '../../../service/modelFiles/catalogue.ts';

const format = new Format('en');
const gibibyte = 2 ** 30;

function machine({
    memory,
    vram = null,
    cores,
    disk = 500,
}: {
    memory: number;
    vram?: number | null;
    cores: number;
    disk?: number;
}): Survey {
    return {
        gpus: vram === null ? [] : [{ name: 'GPU', driver: 'amdgpu', memory: vram * gibibyte, memoryFree: null }],
        memory: memory * gibibyte,
        memoryAvailable: (memory * gibibyte) / 2,
        disk: disk * gibibyte,
        cores,
    };
}

function picked(survey: Survey): Record<Role, string | undefined> {
    const all = assess(survey, format);
    const of = (role: Role) => all.find(({ roles }) => roles.includes(role))?.entry.id;
    return { quick: of('quick'), hard: of('hard') };
}

describe('The memory that a model needs', () => {
    it('is that of its weights, of the planned context and of the buffers to compute in', () => {
        const need = needOf({ weights: 2.5e9, cachePerToken: 147_456, vocabulary: 151_936, context: 262_144 });
        expect(need).toEqual({
            weights: 2.5e9,
            cache: 147_456 * 8192,
            buffers: 151_936 * 512 * 4 + 134_217_728,
            total: 2.5e9 + 147_456 * 8192 + 151_936 * 512 * 4 + 134_217_728,
        });
    });

    it('counts no more context than the model has', () => {
        const cache = (context: number) => needOf({ weights: 0, cachePerToken: 1000, vocabulary: 0, context }).cache;
        expect(cache(512)).toBe(512_000);
        expect(cache(100_000)).toBe(8_192_000);
    });

    it('is never estimated below what the file alone takes', () => {
        for (const entry of catalogue()) expect(estimateNeed(entry).total).toBeGreaterThan(entry.size ?? 0);
    });
});

describe('A computer', () => {
    const need = (gigabytes: number) => ({ weights: 0, cache: 0, buffers: 0, total: gigabytes * gibibyte });

    it('keeps a part of its memory to itself', () => {
        expect(budget(machine({ memory: 16, vram: 8, cores: 8 }))).toEqual({
            ram: 12 * gibibyte,
            vram: 7.2 * gibibyte,
        });
        expect(budget(machine({ memory: 4, cores: 2 })).ram).toBe(2 * gibibyte);
        expect(budget(machine({ memory: 1, cores: 2 })).ram).toBe(0);
    });

    it('holds a model on its graphics card, partly there, in memory, or not at all', () => {
        const both = machine({ memory: 16, vram: 8, cores: 8 });
        expect([5, 15, 25].map(size => placeOf(need(size), both))).toEqual(['gpu', 'split', 'none']);
        const plain = machine({ memory: 16, cores: 8 });
        expect([5, 15].map(size => placeOf(need(size), plain))).toEqual(['cpu', 'none']);
        const integrated = machine({ memory: 16, vram: 0.5, cores: 8 });
        expect(placeOf(need(5), integrated)).toBe('cpu');
    });
});

describe('The recommendation', () => {
    it('is a small model for quick work and the strongest that is bearable for hard questions', () => {
        expect(picked(machine({ memory: 8, cores: 4 }))).toEqual({ quick: 'qwen3.5-2b', hard: 'qwen3.5-4b' });
        expect(picked(machine({ memory: 16, vram: 8, cores: 8 })).quick).toBe('gemma-4-e4b');
        expect(picked(machine({ memory: 64, vram: 24, cores: 16 })).hard).toBe('qwen3.5-27b');
    });

    it('is a large mixture of experts where there is memory but no graphics card', () => {
        expect(picked(machine({ memory: 64, cores: 8 })).hard).toBe('qwen3-30b-a3b-2507');
    });

    it('is nothing where nothing fits, and every model says why', () => {
        const small = machine({ memory: 2, cores: 2 });
        expect(picked(small)).toEqual({ quick: undefined, hard: undefined });
        for (const { reason, place } of assess(small, format)) {
            expect(place).toBe('none');
            expect(reason).toMatch(/^Needs about .* of memory; this computer can provide 0\sbytes\.$/);
        }
    });

    it('minds the space on the disk', () => {
        const full = machine({ memory: 64, cores: 16, disk: 3 });
        expect(picked(full).hard).toBe('llama-3.2-3b');
        const large = assess(full, format).find(({ entry }) => entry.id === 'qwen3-14b');
        expect(large?.reason).toMatch(/^Takes 9\.0\sGB of disk space; 3\.2\sGB are free\.$/);
    });

    it('says so of what would be slow, and does not recommend it', () => {
        const [strongest] = assess(machine({ memory: 64, cores: 2 }), format).toReversed();
        expect(strongest).toEqual(jasmine.objectContaining({ place: 'cpu', isFast: false, roles: [] }));
        expect(strongest?.reason).toMatch(
            /^Runs on the processor, using about .* of memory\. Its answers would be slow\.$/,
        );
    });
});

describe('A model that does not fit', () => {
    const entry = findEntry('qwen3.5-27b');
    if (entry === undefined) throw new Error('not in the catalogue');

    it('is told from one that does, with one that would', () => {
        const survey = machine({ memory: 16, cores: 8 });
        expect(misfit(entry.name, estimateNeed(entry), survey, format)).toBe(
            'Qwen3.5 27B needs about 18.5\u00a0GB of memory; this computer can provide 12.9\u00a0GB. Qwen3 14B fits: qwen3-14b',
        );
        expect(misfit(entry.name, estimateNeed(entry), machine({ memory: 64, cores: 8 }), format)).toBeNull();
    });

    it('may be the only kind that there is', () => {
        const survey = machine({ memory: 2, cores: 1 });
        expect(misfit(entry.name, estimateNeed(entry), survey, format)).toMatch(/No model in the catalogue fits\.$/);
    });
});
