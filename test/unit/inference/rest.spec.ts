import { Rest } from '../../../service/inference/local/rest.ts';

describe('A model that fails', () => {
    let now: number;
    let rest: Rest;
    beforeEach(() => {
        now = 1000;
        rest = new Rest(() => now);
    });

    it('may be tried once more at once, and then rests longer each time, up to five minutes', () => {
        expect(rest.left('/a.gguf')).toBe(0);
        rest.failed();
        expect(rest.left('/a.gguf')).toBe(0);
        const rests: number[] = [];
        for (let failure = 2; failure <= 9; failure += 1) {
            rest.failed();
            rests.push(rest.left('/a.gguf'));
        }
        expect(rests).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
        now += 300_000;
        expect(rest.left('/a.gguf')).toBe(0);
    });

    it('says nothing about another one, nor about itself once it worked', () => {
        rest.left('/a.gguf');
        rest.failed();
        rest.failed();
        expect(rest.left('/b.gguf')).toBe(0);
        rest.failed();
        rest.failed();
        rest.forget();
        expect(rest.left('/b.gguf')).toBe(0);
        rest.failed();
        expect(rest.left('/b.gguf')).toBe(0);
    });
});
