// What reviewers at extensions.gnome.org ask of metadata.json and of the settings, besides what build/extensionPackage.ts checks:
// https://gjs.guide/extensions/review-guidelines/review-guidelines.html
import { readFileSync } from 'node:fs';

import metadata from '../../../extension/metadata.json' with { type: 'json' };

describe('The metadata of the extension', () => {
    it('say that the clipboard is used', () => {
        expect(metadata.description).toContain('clipboard');
    });

    it('name a schema below that of extensions, in a file of its name', () => {
        const id = metadata['settings-schema'];
        const schema = readFileSync(new URL(`../../../schemas/${id}.gschema.xml`, import.meta.url), 'utf8');

        expect(id).toMatch(/^org\.gnome\.shell\.extensions\./);
        expect(schema).toContain(`id="${id}"`);
        expect(schema).toContain(`path="/${id.replaceAll('.', '/')}/"`);
    });
});
