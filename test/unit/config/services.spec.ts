import { parseConfig } from '../../../service/config/parse.ts';
import { serverOf } from '../../../service/config/use.ts';

const url = 'url = "http://127.0.0.1:8080/v1"';
const problemsOf = (text: string) =>
    parseConfig(text).problems.map(({ line, setting, message }) => `${line} ${setting}: ${message}`);

describe('A model server in the configuration', () => {
    it('is a unit, a program or a container, with its defaults', () => {
        const { config, problems } = parseConfig(`[services.mine]
unit = "ollama.service"
${url}
[services.chat]
command = ["/usr/bin/llama-server", "--port", "8080"]
url = "http://localhost:8080"
health = "/health"
[services.ears]
image = "docker.io/library/whisper:1"
${url}
`);
        expect(problems).toEqual([]);
        const common = { url: 'http://127.0.0.1:8080/v1', health: '/v1/models' };
        expect(config.services).toEqual([
            { name: 'mine', kind: 'unit', unit: 'ollama.service', ...common },
            {
                ...{ name: 'chat', kind: 'command', command: ['/usr/bin/llama-server', '--port', '8080'] },
                ...{ environment: [], url: 'http://localhost:8080', health: '/health' },
            },
            {
                ...{ name: 'ears', kind: 'container', image: 'docker.io/library/whisper:1', engine: 'podman' },
                ...{ arguments: [], environment: [], volumes: [], devices: [], port: 8080, ...common },
            },
        ]);
    });

    for (const [what, text, expected] of [
        [
            'two ways',
            `unit = "a.service"\nimage = "b"\n${url}`,
            '1 services.x: expected one of unit, command and image',
        ],
        ['no way', url, '1 services.x: expected one of unit, command and image'],
        [
            'an address elsewhere',
            'unit = "a.service"\nurl = "http://192.0.2.1:80/v1"',
            '3 services.x.url: expected an address on this',
        ],
        [
            'an address without a port',
            'unit = "a.service"\nurl = "http://localhost/v1"',
            '3 services.x.url: expected an address on this',
        ],
        ['no address', 'unit = "a.service"', 'services.x.url: '],
        [
            'a program that is searched',
            `command = ["llama-server"]\n${url}`,
            '2 services.x.command: expected a program by its whole',
        ],
        [
            'a second line in a word',
            `command = ["/bin/a", "b\\n[Service]"]\n${url}`,
            '2 services.x.command: expected text of one line',
        ],
        [
            'a field of another way',
            `unit = "a.service"\n${url}\nvolumes = []`,
            '4 services.x.volumes: is not for a service that is declared by unit',
        ],
        ['an unknown field', `unit = "a.service"\n${url}\ncolour = 1`, '4 services.x.colour: unknown setting'],
        ['an image that is an option', `image = "--privileged"\n${url}`, '2 services.x.image: expected an image'],
        ['a unit that is none', `unit = "a.target"\n${url}`, '2 services.x.unit: expected a service of yours'],
    ] as const)
        it(`with ${what} is named with its field and left out`, () => {
            const { config, problems } = parseConfig(`[services.x]\n${text}\n`);
            expect(config.services).toEqual([]);
            expect(problems.map(({ line, setting, message }) => `${line} ${setting}: ${message}`)).toEqual([
                jasmine.stringContaining(expected),
            ]);
        });

    it('keeps what it was when a mistake comes into it', () => {
        const { config } = parseConfig(`[services.x]\nunit = "a.service"\n${url}`);
        expect(parseConfig(`[services.x]\nunit = 1\n${url}`, config).config.services).toEqual(config.services);
        expect(parseConfig('', config).config.services).toEqual([]);
    });

    it('has a name that a unit can have', () => {
        expect(problemsOf(`[services."../x"]\nunit = "a.service"\n${url}`)).toEqual([
            jasmine.stringContaining('services.../x: expected a name of letters'),
        ]);
        expect(problemsOf('services = 1')).toEqual(['1 services: expected a table: [services.NAME]']);
    });

    it('may be the server that answers questions, by its name', () => {
        const text = `[services.chat]\nunit = "a.service"\n${url}\n[server]\nurl = "chat"\nmodel = "m"\n`;
        const { config } = parseConfig(text);
        expect(config.server.url).toBe('chat');
        expect(serverOf(config)).toEqual({ url: 'http://127.0.0.1:8080/v1', model: 'm' });
        expect(serverOf(parseConfig('[server]\nurl = "https://example.org"').config).url).toBe('https://example.org');
        const unknown = parseConfig('[server]\nurl = "chat"\n');
        expect(unknown.problems).toEqual([{ line: 2, setting: 'server.url', message: 'there is no service chat' }]);
        expect(serverOf(unknown.config).url).toBe('');
    });
});
