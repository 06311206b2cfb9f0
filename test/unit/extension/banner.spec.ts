import { bannerText, sentences } from '../../../extension/text/banner.ts';

describe('The text of a banner', () => {
    it('does not begin with a path', () => {
        expect(bannerText('/etc/ssh/sshd_config was edited a moment before.')).toBe(
            'sshd_config was edited a moment before.',
        );
        expect(bannerText('\u2068/etc/ssh/\u2069 was renamed')).toBe('\u2068ssh\u2069 was renamed');
    });

    it('shortens a long path in its middle', () => {
        expect(bannerText('It cannot read /opt/reports/collector/conf.d/daily/nightly.env: no such file')).toBe(
            'It cannot read /opt/…/conf.d/daily/nightly.env: no such file',
        );
        expect(bannerText('It cannot read /etc/ssh/sshd_config')).toBe('It cannot read /etc/ssh/sshd_config');
        const name = 'n'.repeat(60);
        expect(bannerText(`It cannot read /opt/a/b/${name}`)).toBe(`It cannot read /opt/…/${name}`);
        expect(bannerText('Either and/or 1/2, see https://example.org/a/b/c')).toBe(
            'Either and/or 1/2, see https://example.org/a/b/c',
        );
    });

    it('leaves room for the change', () => {
        const cut = bannerText(`It said: ${'word '.repeat(100)}`);
        expect(cut.length).toBeLessThanOrEqual(180);
        expect(cut).toMatch(/word…$/);
    });

    it('is made of sentences', () => {
        expect(sentences(['Its program ended', '', 'Restart it?'])).toBe('Its program ended. Restart it?');
        expect(sentences(['It said “no.”', 'Restart it?'])).toBe('It said “no.” Restart it?');
        expect(sentences([''])).toBe('');
    });
});
