import { parse } from 'smol-toml';

import { changeSetting } from '../../../service/config/edit.ts';

const file = `# Mine.
[assistant]
steps = 6 # enough
keep_conversations = false

# Large ones.
[model]
"accelerator" = "auto"
[server]
url = 'http://127.0.0.1:8080/v1#x' # at home

[watch]
ignore = [
    "a.service", # noisy
]
`;

describe('Changing a setting in the file', () => {
    const change = (section: string, name: string, value: Parameters<typeof changeSetting>[3], text = file) =>
        changeSetting(text, section, name, value);

    it('leaves every other character as it is', () => {
        expect(change('assistant', 'steps', 12)).toBe(file.replace('steps = 6 #', 'steps = 12 #'));
        expect(change('server', 'url', '')).toBe(file.replace("'http://127.0.0.1:8080/v1#x'", '""'));
        expect(change('assistant', 'keep_conversations', true)).toBe(file.replace('= false', '= true'));
    });

    it('adds it to its table, or adds the table', () => {
        expect(change('model', 'threads', 2)).toBe(file.replace('= "auto"\n', '= "auto"\nthreads = 2\n'));
        expect(change('log', 'level', 'debug')).toBe(`${file}\n[log]\nlevel = "debug"\n`);
        expect(change('log', 'level', 'debug', '')).toBe('[log]\nlevel = "debug"\n');
        expect(change('log', 'level', 'debug', '# mine')).toBe('# mine\n\n[log]\nlevel = "debug"\n');
    });

    it('takes it out, and nothing where there is nothing', () => {
        expect(change('assistant', 'steps', null)).toBe(file.replace('steps = 6 # enough\n', ''));
        expect(change('assistant', 'nothing', null)).toBe(file);
        expect(change('log', 'level', null)).toBe(file);
    });

    it('writes any text so that it is read as the same', () => {
        for (const text of ['', '"', '\\', '\n[log]\nlevel = "error"', '\u0000\u001b', '’ü😀', '$&$1'])
            expect(JSON.stringify(parse(change('server', 'url', text)).server))
                .withContext(JSON.stringify(text))
                .toBe(JSON.stringify({ url: text }));
    });

    it('refuses what only a person can change, and a file with a mistake', () => {
        const cases: [string, string, Parameters<typeof changeSetting>[3], string][] = [
            ['watch', 'ignore', [], file],
            ['model', 'accelerator', 'cpu', file],
            ['model', 'threads', 2, 'model.threads = 1\n'],
            ['model', 'threads', 2, 'model = { threads = 1 }\n'],
            ['model', 'threads', null, 'model.threads = 1\n'],
            ['model', 'threads', 2, '[model\n'],
            ['server', 'url', '\u007f', file],
            ['log', 'level', 'debug', 'text = """\n[log]\nlevel = "info"\n"""\n[log]\nlevel = "info"\n'],
        ];
        for (const [section, name, value, text] of cases)
            expect(() => change(section, name, value, text))
                .withContext(`${section}.${name} ${text}`)
                .toThrowMatching((error: { code?: string }) => error.code === 'InvalidState');
    });
});
