import { sizeText } from '../../../extension/text/size.ts';

describe('A size', () => {
    it('is written in the units and with the digits of the language, and never breaks', () => {
        expect(sizeText(25_300_000_000, 'en')).toBe('25.3\u00a0GB');
        expect(sizeText(532_500_000, 'de')).toBe('532,5\u00a0MB');
        expect(sizeText(25_300_000_000, 'ar-EG')).toBe('25.3\u00a0\u063a.\u0628');
        expect(sizeText(999, 'en')).toBe('999\u00a0bytes');
    });
});
