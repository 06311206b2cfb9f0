import { canonicalJson } from '../../../service/util/canonicalJson.ts';

describe('Canonical JSON', () => {
    it('does not depend on the order in which members were added', () => {
        expect(canonicalJson({ b: 1, a: { d: [1, 2], c: null } })).toBe('{"a":{"c":null,"d":[1,2]},"b":1}');
    });

    it('keeps the order of arrays, which carries meaning', () => {
        expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
    });

    it('tells a number from its spelling and a key from a value', () => {
        expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }));
        expect(canonicalJson({ 'a":"b': '' })).not.toBe(canonicalJson({ a: 'b', '': '' }));
    });

    it('treats a missing member and an undefined one alike', () => {
        expect(canonicalJson({ a: undefined })).toBe(canonicalJson({}));
    });

    it('refuses what JSON would silently turn into null', () => {
        expect(() => canonicalJson(Number.NaN)).toThrowError(TypeError);
    });
});
