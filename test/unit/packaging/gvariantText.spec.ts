import { parseGVariant, printStrings } from '../../../packaging/gvariantText.ts';

const parse = (text: string): unknown => parseGVariant(text);

describe('Settings as gsettings prints them', () => {
    it('are read: lists, empty lists, tuples, both kinds of quotes', () => {
        expect(parse("['a@b', 'c']\n")).toEqual(['a@b', 'c']);
        expect(parse('@as []')).toEqual([]);
        expect(parse(`["it's", 'a\\'b\\\\c']`)).toEqual(["it's", "a'b\\c"]);
        expect(parse("[('s', 'k', ['<Super>space', 'XF86Keyboard'], @as [])]")).toEqual([
            ['s', 'k', ['<Super>space', 'XF86Keyboard'], []],
        ]);
        expect(parse('@a(ssasas) []')).toEqual([]);
    });

    it('are printed so that they read the same', () => {
        const strings = ['plain', "it's", 'back\\slash', 'ü “x”'];

        expect(parse(printStrings(strings))).toEqual(strings);
    });

    it('are refused when they are anything else', () => {
        for (const text of ['true', '[1, 2]', "['a'", '', "{'a': 'b'}"])
            expect(() => parse(text))
                .withContext(text)
                .toThrowError();
    });
});
