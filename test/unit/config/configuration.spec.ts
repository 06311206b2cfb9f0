import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Configuration, loadConfig } from '../../../service/config/config.ts';
import { defaults } from '../../../service/config/parse.ts';

describe('The configuration', () => {
    let directory: string;
    let path: string;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-config-'));
        path = join(directory, 'reeve', 'config.toml');
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    it('is the defaults without a file', () => {
        expect(loadConfig(path)).toEqual({ config: defaults, problems: [] });
    });

    it('names the file, the line and the setting of a problem', () => {
        mkdirSync(join(directory, 'reeve'));
        writeFileSync(path, '[log]\nlevel = "loud"\n');

        expect(loadConfig(path).problems).toEqual([jasmine.stringContaining(`${path}:2: log.level: `)]);
    });

    it('says when the file is too large or cannot be read', () => {
        mkdirSync(path, { recursive: true });
        expect(loadConfig(path).problems).toEqual([jasmine.stringContaining('EISDIR')]);

        rmSync(path, { recursive: true });
        writeFileSync(path, '#'.repeat(65_537));
        expect(loadConfig(path).problems).toEqual([jasmine.stringContaining('64 KiB')]);
    });

    it('notices a file that appears, one that is replaced as editors do it, and its removal', async () => {
        using configuration = new Configuration(path);
        expect(configuration.current).toEqual(defaults);

        writeFileSync(path, '[notifications]\nper_hour = 1\n');
        await once(configuration, 'changed');
        expect(configuration.current.notifications.per_hour).toBe(1);

        writeFileSync(`${path}~`, '[notifications]\nper_hour = 2\n');
        renameSync(`${path}~`, path);
        await once(configuration, 'changed');
        expect(configuration.current.notifications.per_hour).toBe(2);

        rmSync(path);
        await once(configuration, 'changed');
        expect(configuration.current).toEqual(defaults);
    });

    it('keeps the last good value over a broken file, and says so until it is fixed', async () => {
        using configuration = new Configuration(path);
        writeFileSync(path, '[notifications]\nper_hour = 1\n');
        await once(configuration, 'changed');

        writeFileSync(path, '[notifications\nper_hour = 2\n');
        await once(configuration, 'changed');
        expect(configuration.current.notifications.per_hour).toBe(1);
        expect(configuration.problems.length).toBe(1);

        writeFileSync(path, '[notifications]\nper_hour = 2\n');
        await once(configuration, 'changed');
        expect(configuration.current.notifications.per_hour).toBe(2);
        expect(configuration.problems).toEqual([]);
    });

    it('lives on, and says so, where it cannot watch', () => {
        writeFileSync(join(directory, 'reeve'), 'a file where the directory belongs');

        using configuration = new Configuration(path);

        expect(configuration.current).toEqual(defaults);
        expect(configuration.problems).toEqual([]);
        expect(configuration.watchError).toBeInstanceOf(Error);
    });

    it('makes a directory that only the user can enter', () => {
        using configuration = new Configuration(path);

        expect(configuration.watchError).toBeNull();
        expect(statSync(join(directory, 'reeve')).mode & 0o777).toBe(0o700);
    });
});
