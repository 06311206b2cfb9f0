import * as z from 'zod';

import { factReader } from '../../../service/model/facts.ts';
import type { FactsFor } from '../../../service/model/facts.ts';

describe('A reader of facts', () => {
    it('reads the facts that have the form of its schema, and leaves out all others', () => {
        const read = factReader(() => ({ pid: z.coerce.number().int(), waits: z.enum(['disk', 'server']) }));
        expect(read({ pid: '12', waits: 'disk', other: 'x' })).toEqual({ pid: 12, waits: 'disk' });
        expect(read({ pid: 'twelve', waits: 'tea' })).toEqual({});
        expect(read({})).toEqual({});
    });

    it('makes its schema once, when it is first used', () => {
        const shape = jasmine.createSpy('shape').and.returnValue({ place: z.string() });
        const read = factReader(shape);
        expect(shape).not.toHaveBeenCalled();
        read({});
        read({ place: '/' });
        expect(shape).toHaveBeenCalledTimes(1);
    });

    it('knows the names of its facts, for those who read and those who write them', () => {
        const read = factReader(() => ({ place: z.string() }));
        // @ts-expect-error There is no such fact.
        expect(read({ place: '/' }).palce).toBeUndefined();
        // @ts-expect-error Nor for who writes it.
        const written = { palce: '/' } satisfies FactsFor<typeof read>;
        expect(read(written)).toEqual({});
    });
});
