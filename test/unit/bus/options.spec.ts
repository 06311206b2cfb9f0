import * as z from 'zod';
import { readOptions } from '../../../service/bus/options.ts';
import { variant } from '../../../service/bus/variant.ts';
import { ReeveError } from '../../../service/errors.ts';

const known = {
    schema: z.object({ name: z.string().max(3).optional(), limit: z.int().min(1).default(7) }),
    signatures: { name: 's', limit: 'u' },
};

describe('Options of a call', () => {
    it('have their defaults, and are ignored when they are not known', () => {
        expect(readOptions({}, known)).toEqual({ limit: 7 });
        expect(readOptions({ name: variant('s', 'abc'), other: variant('v', variant('u', 1)) }, known)).toEqual({
            name: 'abc',
            limit: 7,
        });
    });

    it('are refused with their name when type or value is wrong', () => {
        expect(() => readOptions({ limit: variant('i', 5) }, known)).toThrowError(
            ReeveError,
            'limit has to be of type u, not i',
        );
        expect(() => readOptions({ name: variant('s', 'abcd') }, known)).toThrowError(ReeveError, /^name: /);
        expect(() => readOptions({ limit: variant('u', 0) }, known)).toThrowError(ReeveError, /^limit: /);
    });
});
