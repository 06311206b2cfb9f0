import { isUnitName, mountPoint, mountUnit, unitPath, unitType } from '../../../service/model/unitName.ts';

describe('A unit name', () => {
    const valid = [
        'ssh.service',
        'a.b.c.timer',
        'getty@tty1.service',
        'user@1000.service',
        'foo@bar@baz.service',
        'dev-disk-by\\x2duuid-1234.swap',
        '-.mount',
        'a:b_c-d.slice',
        `${'x'.repeat(247)}.service`,
    ];
    for (const name of valid) {
        it(`may be ${name.slice(0, 40)}`, () => {
            expect(isUnitName(name)).toBeTrue();
        });
    }

    const invalid = [
        '',
        'ssh',
        '.service',
        'ssh.banana',
        'ssh.service ',
        'ssh .service',
        'a/b.service',
        '../etc.service',
        'getty@.service',
        '@tty1.service',
        'é.service',
        'a\nb.service',
        'a;b.service',
        '$(reboot).service',
        `${'x'.repeat(248)}.service`,
    ];
    for (const name of invalid) {
        it(`must not be ${JSON.stringify(name.slice(0, 40))}`, () => {
            expect(isUnitName(name)).toBeFalse();
        });
    }

    it('tells the type of the unit', () => {
        expect(unitType('a.service.socket')).toBe('socket');
        expect(() => unitType('ssh')).toThrowError(TypeError);
    });

    // As `systemd-escape --path --suffix=mount` makes them, and back.
    it('says where a mount unit mounts', () => {
        for (const [unit, path] of [
            ['-.mount', '/'],
            ['srv-data.mount', '/srv/data'],
            ['media-My\\x20disk\\x2d1.mount', '/media/My disk-1'],
            ['mnt-\\xc3\\xa9.mount', '/mnt/é'],
            ['\\x2esnapshots-a.b.mount', '/.snapshots/a.b'],
        ] as const) {
            expect(mountPoint(unit)).toBe(path);
            expect(mountUnit(`${path}/`)).toBe(unit);
        }
    });

    // The first three as `busctl tree org.freedesktop.systemd1` lists them.
    it('becomes an object path as systemd makes it', () => {
        expect(unitPath('getty@tty1.service')).toBe('/org/freedesktop/systemd1/unit/getty_40tty1_2eservice');
        expect(unitPath('-.mount')).toBe('/org/freedesktop/systemd1/unit/_2d_2emount');
        expect(unitPath('systemd-logind.service')).toBe('/org/freedesktop/systemd1/unit/systemd_2dlogind_2eservice');
        expect(unitPath('1a.service')).toBe('/org/freedesktop/systemd1/unit/_31a_2eservice');
    });
});
