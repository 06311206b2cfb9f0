import { readFileSync } from 'node:fs';

import { defaults, parseConfig } from '../../../service/config/parse.ts';
import { settings } from '../../../service/config/schema.ts';

describe('docs/configuration.md', () => {
    const text = readFileSync('docs/configuration.md', 'utf8');
    const names = Object.entries(settings()).flatMap(([section, schemas]) =>
        Object.keys(schemas).map(name => `${section}.${name}`),
    );

    it('describes every setting and no other', () => {
        const described = [...text.matchAll(/^\| `([\w.]+)` /gm)].map(([, name]) => name);

        expect(described).toEqual(names);
    });

    it('shows a file that says what the defaults are', () => {
        const example = /```toml\n([^]*?)```/.exec(text)?.[1] ?? '';

        expect(parseConfig(example)).toEqual({ config: defaults, problems: [] });
        for (const name of names) expect(example).toMatch(new RegExp(`^${name.split('.')[1]} = `, 'm'));
    });
});
