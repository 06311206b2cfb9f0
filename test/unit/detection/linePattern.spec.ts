import { foldCase, LinePattern } from '../../../service/detection/linePattern.ts';

describe('LinePattern', () => {
    const match = (source: string, message: string) => new LinePattern(source).match(message, foldCase(message));

    it('takes what its placeholders stand for, whatever the case of the literals', () => {
        expect(
            match('EXT4-fs error (device {device}): {detail:text}', 'ext4-FS error (device sda1): bad Block'),
        ).toEqual({
            device: 'sda1',
            detail: 'bad Block',
        });
        expect(
            match('{device}: link down after {seconds:number} s', 'igb 0000:01:00.0 eth0: link down after 12 s'),
        ).toEqual({
            device: 'eth0',
            seconds: '12',
        });
        expect(match('sector {sector:number}', 'I/O error, dev sda, sector 0x1f op')).toEqual({ sector: '0x1f' });
        expect(match('dev {device}', 'I/O error, dev sda, sector 3')).toEqual({ device: 'sda' });
    });

    it('wants words without spaces, numbers that are numbers, and the beginning where it is asked for', () => {
        expect(match('Process {pid:number} died', 'Process abg died')).toBeNull();
        expect(match('task {name} hangs', 'task of two words hangs')).toBeNull();
        expect(match('^Killed process {pid:number}', 'it says: Killed process 12')).toBeNull();
        expect(match('^Killed process {pid:number}', 'Killed process 12 (x)')).toEqual({ pid: '12' });
        expect(match('a{b}c', '')).toBeNull();
    });

    it('looks for its first literal again when what follows does not fit', () => {
        expect(match('error {code:number};', 'error of mine, error 5;')).toEqual({ code: '5' });
    });

    it('keeps places right in text whose lower case is longer', () => {
        expect(match('{device}: Lost {detail:text}', 'İİİ eth0: LOST İ')).toEqual({ device: 'eth0', detail: 'İ' });
    });

    it('comes to an end with text that is made to be tried again and again', () => {
        const pattern = new LinePattern('{a} said {b}, {c:text}; {d:number} of {e}!');
        for (const part of [' said x, ; of ', ' said', ' ', 'x', ', ; ']) {
            const message = part.repeat(200_000);
            expect(pattern.match(message, foldCase(message)))
                .withContext(part)
                .toBeNull();
        }
    });

    it('refuses a source that has nothing to look for', () => {
        expect(() => new LinePattern('{a}')).toThrowError(/no literal/);
        expect(() => new LinePattern('x {a:sentence}')).toThrowError(/unknown kind/);
    });
});
