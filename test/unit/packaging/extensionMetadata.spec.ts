// What extensions.gnome.org asks of metadata.json and of the settings:
// https://gjs.guide/extensions/review-guidelines/review-guidelines.html
import { readFileSync } from 'node:fs';

import metadata from '../../../extension/metadata.json' with { type: 'json' };

describe('The metadata of the extension', () => {
    it('have a UUID with a namespace that is not GNOME’s', () => {
        expect(metadata.uuid).toMatch(/^[\w.-]+@(?!gnome\.org$)[\w.-]+$/);
    });

    it('have no key that the site sets itself, nor one that is the default', () => {
        for (const key of ['version', 'session-modes', 'donations']) expect(Object.keys(metadata)).not.toContain(key);
    });

    it('name the versions of the Shell by their major numbers', () => {
        for (const version of metadata['shell-version']) expect(version).toMatch(/^\d+$/);
    });

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
