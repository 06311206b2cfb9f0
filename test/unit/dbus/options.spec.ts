import * as z from 'zod';
import { readOptions } from '../../../service/dbus/options.ts';
import { variant } from '../../../service/dbus/variant.ts';
import { ReeveError } from '../../../service/util/errors.ts';

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

    it('may be integers of any type, within their range', () => {
        for (const type of 'ynqiuxt') expect(readOptions({ limit: variant(type, 5) }, known).limit).toBe(5);
        for (const value of [0, -5, 2n ** 60n]) {
            expect(() => readOptions({ limit: variant('x', value) }, known)).toThrowError(ReeveError, /^limit: /);
        }
    });

    it('are refused with their name when type or value is wrong', () => {
        expect(() => readOptions({ limit: variant('d', 5) }, known)).toThrowError(
            ReeveError,
            'limit must be of type u, not d',
        );
        expect(() => readOptions({ name: variant('s', 'abcd') }, known)).toThrowError(ReeveError, /^name: /);
        expect(() => readOptions({ limit: variant('u', 0) }, known)).toThrowError(ReeveError, /^limit: /);
    });
});
