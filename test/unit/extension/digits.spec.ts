import { latinDigits } from '../../../extension/text/digits.ts';

describe('Digits', () => {
    it('are those of names and log lines, whatever the language of the clock', () => {
        expect(latinDigits('\u0661\u0664:\u0660\u0665 \u0645')).toBe('14:05 \u0645');
        expect(latinDigits('\u06f1\u06f4:\u06f0\u06f9')).toBe('14:09');
        expect(latinDigits('14:05, web-2.service')).toBe('14:05, web-2.service');
    });
});
