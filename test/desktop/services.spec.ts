// A model server that a person declares: started by a wish from a plan that writes its unit, watched, and stopped.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { describeOn, once, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { until } from './waiting.ts';

const reeve = `${alice.home}/.local/bin/reeve`;
const server = `${alice.home}/server.mjs`;
const unit = 'reeve-service-chat.service';
const node = '/opt/reeve-build/lib/node';
/** It answers as llama-server does, until the file is there. */
const ill = `${alice.home}/ill`;

describeOn(once, 'A model server that is declared', suite => {
    let desktop: Desktop;
    let screen: Screen;
    const state = async () => {
        const { stdout } = await desktop.user([reeve, 'services', 'list', '--json'], { mayFail: true });
        const { services } = JSON.parse(stdout) as { services: { state: string }[] };
        return services.map(one => one.state).join();
    };

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {
            [server]: `
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
console.log('serving on ' + process.argv[2] + ' for 100% of $HOME');
createServer((asked, answer) => {
    answer.statusCode = existsSync('${ill}') ? 500 : asked.url === '/v1/models' ? 200 : 404;
    answer.end('{"data":[]}');
}).listen(Number(process.argv[2]), '127.0.0.1');
`,
            [`${alice.home}/.config/reeve/config.toml`]: `[services.chat]
command = ["${node}", "${server}", "8099", "50% of $HOME"]
url = "http://127.0.0.1:8099/v1"

[server]
url = "chat"
model = "sample"
`,
        });
        screen = new Screen(desktop);
        await screen.untilIndicatorSays('Reeve: all is well');
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('starts by a wish, as its plan shows it', async () => {
        expect(await state()).toBe('stopped');
        await screen.openWithKey();
        await desktop.type('start my model server\n');
        await screen.untilShown('Start the model server chat', 'Apply');
        await screen.press('Exact change');
        await screen.untilShown(/\+ExecStart=":.*\/lib\/node" ".*server\.mjs" "8099" "50%% of \$HOME"/);
        await screen.press('Apply');
        await screen.untilShown('Start the model server chat: Done');
        await until('it answers', async () => (await state()) === 'healthy');
        const { stdout } = await desktop.user([reeve, 'services', 'logs', 'chat']);
        expect(stdout).toContain('serving on 8099 for 100% of $HOME');
        expect((await desktop.user([reeve, 'status'], { mayFail: true })).stdout).toContain(
            'sample on a server on this computer',
        );
        const { stdout: words } = await desktop.user([
            'sh',
            '-c',
            `tr '\\0' '\\n' < /proc/$(systemctl --user show -P MainPID ${unit})/cmdline`,
        ]);
        expect(words).toContain('\n50% of $HOME\n');
    });

    it('is a notice while it runs and does not answer as it should', async () => {
        await desktop.user(['touch', ill]);
        // It may load its model for two minutes; this one has answered before.
        expect(await state()).toBe('starting');
        await desktop.user(['rm', ill]);
        expect(await state()).toBe('healthy');
    });

    it('is stopped by a wish', async () => {
        await desktop.type('stop model server chat\n');
        await screen.untilShown('Stop the model server chat', 'Apply');
        await screen.press('Apply');
        await screen.untilShown('Stop the model server chat: Done');
        expect(await state()).toBe('stopped');
    });
});
