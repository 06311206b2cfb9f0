import { strToU8, zipSync } from 'fflate';

import metadata from '../../../extension/metadata.json' with { type: 'json' };
import { problemsOf } from '../../../build/extensionPackage.ts';

describe('The rules of extensions.gnome.org', () => {
    const schema = `schemas/${metadata['settings-schema']}.gschema.xml`;
    const zip = (changed: Record<string, unknown> = {}, files: Record<string, string> = {}) => {
        const all = {
            'metadata.json': JSON.stringify({ ...metadata, ...changed }),
            'extension.js': '',
            [schema]: '<schemalist/>',
            ...files,
        };
        return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)])));
    };

    it('hold for the metadata of the extension', () => {
        expect(problemsOf(zip())).toEqual([]);
    });

    it('name the key that breaks one', () => {
        const broken: [string, unknown][] = [
            ['uuid', 'reeve'],
            ['uuid', 'reeve@extensions.gnome.org'],
            ['name', ''],
            ['url', undefined],
            ['url', 'reevedesktop.org'],
            ['shell-version', ['48.1']],
            ['shell-version', []],
            ['settings-schema', 'org.reevedesktop.reeve'],
            ['version-name', 'v1.0-beta'],
            ['version-name', '...'],
            ['version-name', '9.9.9'],
        ];
        for (const [key, value] of broken)
            expect(problemsOf(zip({ [key]: value })))
                .withContext(`${key}: ${JSON.stringify(value)}`)
                .toContain(jasmine.stringMatching(`^metadata\\.json: ${key}`));
    });

    it('allow no key that the site sets itself, nor one that is the default', () => {
        for (const key of ['version', 'session-modes', 'donations'])
            expect(problemsOf(zip({ [key]: 1 }))).toEqual([jasmine.stringContaining(key)]);
    });

    it('allow no file that the Shell does not need, and not too much', () => {
        for (const name of ['schemas/gschemas.compiled', 'po/de.po', 'extension.ts', 'prefs.js.map', '.eslintrc'])
            expect(problemsOf(zip({}, { [name]: '' }))).toEqual([`${name}: is not necessary`]);
        expect(problemsOf(zip({}, { 'large.js': ' '.repeat(6_000_000) }))).toEqual([jasmine.stringContaining('bytes')]);
    });

    it('need the files that make an extension', () => {
        expect(problemsOf(zipSync({}))).toEqual(['metadata.json: is missing', 'extension.js: is missing']);
    });
});
