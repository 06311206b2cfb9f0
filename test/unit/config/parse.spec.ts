import { defaults, parseConfig } from '../../../service/config/parse.ts';

describe('Parsing the configuration', () => {
    it('takes an empty file for the defaults', () => {
        expect(parseConfig('')).toEqual({ config: defaults, problems: [] });
    });

    it('applies what is given and leaves the rest as it is by default', () => {
        const { config, problems } = parseConfig('[notifications]\nper_hour = 2\nquiet_hours = "22:00-7:30"\n');

        expect(problems).toEqual([]);
        expect(config).toEqual({
            ...defaults,
            notifications: { ...defaults.notifications, per_hour: 2, quiet_hours: { from: 1320, to: 450 } },
        });
    });

    it('names line and setting of a wrong value, keeps the last good one and applies the others', () => {
        const { config: last } = parseConfig('[notifications]\nper_hour = 3');

        const text = '# mine\n[watch]\njournal = false\n\n[notifications]\nper_hour = "many"\n';
        const { config, problems } = parseConfig(text, last);

        expect(problems).toEqual([
            { line: 6, setting: 'notifications.per_hour', message: jasmine.stringContaining('expected number') },
        ]);
        expect(config.notifications.per_hour).toBe(3);
        expect(config.watch.journal).toBeFalse();
    });

    it('names what it does not know', () => {
        const { problems } = parseConfig('colour = "red"\n[watch]\njournall = true\n');

        expect(problems.map(({ line, setting }) => ({ line, setting }))).toEqual([
            { line: 3, setting: 'watch.journall' },
            { line: 1, setting: 'colour' },
        ]);
    });

    it('accepts the former name of a setting, unless the file has the present one', () => {
        expect(parseConfig('[watch]\nlook_every = 60\n').config.watch.poll_every).toBe(60);
        const { config, problems } = parseConfig('[watch]\npoll_every = 30\nlook_every = 60\n');
        expect([config.watch.poll_every, problems]).toEqual([30, []]);
        expect(parseConfig('[watch]\n\nlook_every = 1\n').problems).toEqual([
            { line: 3, setting: 'watch.look_every', message: jasmine.stringContaining('>=5') },
        ]);
    });

    it('finds settings that are written with dots or quotes', () => {
        const { problems } = parseConfig('log.level = "loud"\nnotifications."per_hour" = -1\n');

        expect(problems.map(({ line, setting }) => [line, setting])).toEqual([
            [2, 'notifications.per_hour'],
            [1, 'log.level'],
        ]);
    });

    it('keeps everything as it was when the file is not TOML, and names the line', () => {
        const { config: last } = parseConfig('[log]\nlevel = "debug"');

        const { config, problems } = parseConfig('[watch]\njournal = \n', last);

        expect(config).toEqual(last);
        expect(problems.length).toBe(1);
        expect(problems[0]?.line).toBe(2);
    });

    it('survives a table where a value belongs and a value where a table belongs', () => {
        const { config, problems } = parseConfig('watch = 3\n[log.level]\nx = 1\n');

        expect(config).toEqual(defaults);
        expect(problems.map(({ setting }) => setting)).toEqual(['watch', 'log.level']);
    });

    it('lets no control character of the file into its problems', () => {
        const { problems } = parseConfig('"\\u001b[31mred\\u202e" = 1\n');

        expect(problems.map(({ setting }) => setting)).toEqual(['red']);
    });

    it('refuses quiet hours that are no times', () => {
        for (const hours of ['"25:00-07:00"', '"22:00"', '"night"', '"22:00-07:60"', '7']) {
            const { problems } = parseConfig(`[notifications]\nquiet_hours = ${hours}`);
            expect(problems.map(({ message }) => message))
                .withContext(hours)
                .toEqual(['expected two times, such as "22:00-07:00", or ""']);
        }
    });

    it('gives up on a bottomless file without falling in', () => {
        const { config, problems } = parseConfig(`a = ${'['.repeat(50_000)}`);

        expect(config).toEqual(defaults);
        expect(problems.length).toBe(1);
    });
});
