import { isolated, leftToRight, rightToLeft } from '../../../extension/text/direction.ts';

describe('The direction of what machines write', () => {
    it('is given to lines without letters', () => {
        expect(leftToRight('[ 12% ] / 3')).toBe('\u200e[ 12% ] / 3');
        expect(leftToRight('"1", 2\nrestart\n(3)')).toBe('\u200e"1", 2\nrestart\n\u200e(3)');
    });

    it('is left to the letters of a line', () => {
        for (const text of ['', '\n', '/usr/bin/tar', '("ssh.service", 1)', 'فشل ssh.service'])
            expect(leftToRight(text)).toBe(text);
    });
});

describe('The direction of a sentence for who reads from right to left', () => {
    it('is theirs also where it begins with a name', () => {
        const line = `${isolated('ssh.service')} · منذ 11:41`;
        expect(rightToLeft(`${line}\n${line}`)).toBe(`\u200f${line}\n\u200f${line}`);
        expect(rightToLeft('فشل ssh.service')).toBe('فشل ssh.service');
    });
});
