// Starting and stopping the model servers that a person declares.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileOfService } from '../../../service/actions/services/declared.ts';
import { serviceStart } from '../../../service/actions/services/serviceStart.ts';
import { serviceStop } from '../../../service/actions/services/serviceStop.ts';
import { brokenRule } from '../../../service/actions/planRules.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import { parseConfig } from '../../../service/config/parse.ts';
import { Contents } from '../../../service/store/contents.ts';
import { managerOf, recorded, recordedUnits, run, type RecordedUnit } from '../../support/recordedUnits.ts';

const url = 'url = "http://127.0.0.1:8080/v1"';
const unit = 'reeve-service-chat.service';

describe('A model server that is declared', () => {
    let home: string;
    let before: string | undefined;
    let units: Record<string, RecordedUnit>;
    let text: string;

    beforeEach(() => {
        home = mkdtempSync(join(tmpdir(), 'reeve-services-'));
        before = process.env.HOME;
        process.env.HOME = home;
        units = {};
        text = `[services.chat]\ncommand = ["/bin/echo", "50% \\"of\\" $HOME", ""]\nenvironment = ["A=b c"]\n${url}\n`;
    });
    afterEach(() => {
        process.env.HOME = before;
        rmSync(home, { recursive: true });
    });

    const asked = () =>
        ({
            ...{ systemd: managerOf(units).systemd, contents: new Contents(join(home, 'state')), machine: null },
            declared: () => parseConfig(text).config.services,
            signal: new AbortController().signal,
        }) as Surroundings & { signal: AbortSignal };
    const start = async () => await serviceStart.plan({ service: 'chat' }, asked());
    const fileOf = () => parseConfig(text).config.services.map(fileOfService)[0];
    const wished = async (words: string) => {
        const ways = (await readWish(words, asked())?.ways()) ?? [];
        return ways.map(({ action, parameters }) => [action, parameters]);
    };

    it('has its unit written before it starts, with every word as it is', async () => {
        const plan = await start();
        const path = join(home, '.config/systemd/user', unit);
        expect(plan.title).toBe('Start the model server chat');
        expect(plan.steps.map(({ description }) => description)).toEqual([
            `Create the folder ${join(home, '.config/systemd/user')}`,
            'Write the unit of chat',
            'Reload the unit files',
            `Start ${unit}`,
        ]);
        expect(plan.steps[1]?.file?.path).toBe(path);
        expect(plan.steps[1]?.diff).toContain(String.raw`+ExecStart=":/bin/echo" "50%% \"of\" $HOME" ""`);
        expect(plan.steps[1]?.diff).toContain('+Environment="A=b c"');
        expect(plan.undo?.steps.map(({ description, undoes }) => [description, undoes])).toEqual([
            [`Stop ${unit}`, 3],
            ['Restore the unit of chat', 1],
            ['Reload the unit files', 2],
        ]);
        const whole = { action: 'service.start', parameters: { service: 'chat' }, explanation: '', ...plan };
        expect(brokenRule(whole, { isWished: true })).toBeNull();
    });

    it('starts without more where its unit is as declared', async () => {
        const file = fileOf();
        mkdirSync(join(home, '.config/systemd/user'), { recursive: true });
        writeFileSync(file?.path ?? '', file?.text ?? '');
        expect((await start()).steps.map(({ description }) => description)).toEqual([`Start ${unit}`]);
        text = text.replace('A=b', 'A=d');
        expect((await start()).steps.map(({ description }) => description)).toEqual([
            'Write the unit of chat',
            'Reload the unit files',
            `Start ${unit}`,
        ]);
        expect(readFileSync(file?.path ?? '', 'utf8')).toContain('A=b');
    });

    it('does not start where its program is missing, it is not declared, or it runs', async () => {
        text = text.replace('/bin/echo', '/nowhere/echo');
        await expectAsync(start()).toBeRejectedWithError('There is no /nowhere/echo on this machine');
        text = '';
        await expectAsync(start()).toBeRejectedWithError('There is no service chat');
        text = `[services.chat]\nunit = "fails-code.service"\n${url}`;
        await expectAsync(start()).toBeRejectedWithError('There is no unit fails-code.service');
        const [name = ''] = Object.keys(recordedUnits(262)).filter(one => one.endsWith('.service'));
        units = recordedUnits(262);
        run(recorded(units, name));
        text = `[services.chat]\nunit = "${name}"\n${url}`;
        await expectAsync(start()).toBeRejectedWithError(`${name} is already running`);
        const stop = await serviceStop.plan({ service: 'chat' }, asked());
        expect(stop.title).toBe('Stop the model server chat');
        expect(stop.steps.at(-1)?.command).toBe(`systemctl --user stop ${name}`);
    });

    it('may be a container, which only this computer reaches', () => {
        text = `[services.chat]\nimage = "docker.io/library/a:1"\nport = 80\ndevices = ["/dev/dri"]\nvolumes = ["/srv/models:/models:ro"]\narguments = ["-m", "/models/a b.gguf"]\n${url}`;
        expect(fileOf()?.path).toBe(join(home, '.config/containers/systemd/reeve-service-chat.container'));
        expect(fileOf()?.text).toContain(`[Container]
ContainerName=reeve-service-chat
Image=docker.io/library/a:1
PublishPort=127.0.0.1:8080:80
Volume=/srv/models:/models:ro
AddDevice=/dev/dri
Exec="-m" "/models/a b.gguf"
`);
        text += '\nengine = "docker"\n';
        expect(fileOf()?.path).toBe(join(home, '.config/systemd/user', unit));
        expect(fileOf()?.text).toContain(
            'ExecStart=":/usr/bin/docker" "run" "--rm" "--name=reeve-service-chat" "--publish=127.0.0.1:8080:80" ' +
                '"--volume=/srv/models:/models:ro" "--device=/dev/dri" "docker.io/library/a:1" "-m" "/models/a b.gguf"\n',
        );
    });

    for (const words of [
        'start my model server',
        'start chat',
        'Start the chat server',
        'starte den Modellserver',
        'شغل خادم النماذج',
    ])
        it(`is started by “${words}”`, async () => {
            expect(await wished(words)).toEqual([['service.start', { service: 'chat' }]]);
        });
    for (const words of [
        'stop the model server',
        'stop model server "chat"',
        'stoppe den Modellserver chat',
        'اوقف خادم النماذج',
    ])
        it(`is stopped by “${words}”`, async () => {
            expect(await wished(words)).toEqual([['service.stop', { service: 'chat' }]]);
        });

    it('is not meant by the name of another', async () => {
        expect(await wished('start model server ears')).toEqual([]);
    });
});
