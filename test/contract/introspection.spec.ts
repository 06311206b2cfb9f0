import { readdirSync, readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { Client, rootPath, startLive, type Live } from './live.ts';
import { storeSample } from './sample.ts';

type Argument = { name?: string; type: string; direction?: string };
type Member = { name: string; type?: string; access?: string; arg: Argument[]; annotation: unknown[] };
type Interface = { name: string; method: Member[]; signal: Member[]; property: Member[] };

const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name: string) =>
        ['interface', 'method', 'signal', 'property', 'arg', 'annotation', 'node'].includes(name),
});

function parseNode(xml: string): { interfaces: Map<string, Interface>; children: string[] } {
    const document = parser.parse(xml) as { node: { interface?: Interface[]; node?: { name: string }[] }[] };
    const [node] = document.node;
    return {
        interfaces: new Map((node?.interface ?? []).map(found => [found.name, found])),
        children: (node?.node ?? []).map(({ name }) => name),
    };
}

const directory = 'dbus-interfaces';
/** The mechanism is another program, on the system bus. */
const documented = new Map(
    readdirSync(directory)
        .filter(file => !file.endsWith('.Mechanism.xml'))
        .flatMap(file => [...parseNode(readFileSync(`${directory}/${file}`, 'utf8')).interfaces]),
);

describe('Introspection', () => {
    let live: Live;
    let client: Client;
    let sample: ReturnType<typeof storeSample>;

    beforeAll(async () => {
        live = await startLive(stateDirectory => {
            sample = storeSample(stateDirectory);
        });
        client = await Client.open(live.bus);
    });

    afterAll(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    async function introspect(path: string) {
        const [xml] = await client.call(path, 'org.freedesktop.DBus.Introspectable.Introspect');
        return parseNode(String(xml));
    }

    it('shows every documented interface as it is documented: members, types, argument names', async () => {
        const [request] = await client.call(rootPath, 'Assistant.Ask', 'sa{sv}', 'help', {});
        const paths = [
            rootPath,
            `${rootPath}/incident/${sample.incident}`,
            `${rootPath}/incident/${sample.incident}/proposal/${sample.proposal}`,
            `${rootPath}/task/${sample.task}`,
            String(request),
        ];
        const live = new Map<string, Interface>();
        for (const path of paths) {
            for (const [name, found] of (await introspect(path)).interfaces) live.set(name, found);
        }
        expect(documented.size).toBe(13);
        for (const [name, expected] of documented) {
            expect(live.get(name)).withContext(name).toEqual(expected);
        }
    });

    it('shows the standard interfaces, and the object manager on the root only', async () => {
        const root = [...(await introspect(rootPath)).interfaces.keys()];
        expect(root).toContain('org.freedesktop.DBus.ObjectManager');
        const incident = [...(await introspect(`${rootPath}/incident/${sample.incident}`)).interfaces.keys()];
        expect(incident).not.toContain('org.freedesktop.DBus.ObjectManager');
        for (const name of ['Peer', 'Introspectable', 'Properties']) {
            expect(root).toContain(`org.freedesktop.DBus.${name}`);
            expect(incident).toContain(`org.freedesktop.DBus.${name}`);
        }
    });

    it('leads from the root of the tree to every object', async () => {
        expect((await introspect('/')).children).toEqual(['org']);
        expect((await introspect('/org/reevedesktop')).children).toEqual(['Reeve1']);
        expect((await introspect(rootPath)).children).toContain('incident');
        expect((await introspect(`${rootPath}/incident`)).children).toEqual([String(sample.incident)]);
        expect((await introspect(`${rootPath}/incident/${sample.incident}/proposal`)).children).toEqual([
            String(sample.proposal),
        ]);
    });

    it('exports nothing at the root of the tree', async () => {
        expect([...(await introspect('/')).interfaces.keys()]).toEqual([
            'org.freedesktop.DBus.Peer',
            'org.freedesktop.DBus.Introspectable',
        ]);
    });
});
