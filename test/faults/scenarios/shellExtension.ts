import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const uuid = 'bench@example.org';
const folder = `${alice.home}/.local/share/gnome-shell/extensions/${uuid}`;

export const scenario: Scenario = {
    title: 'an extension of the Shell does not start',
    by: 'provoked',
    files: {
        [`${folder}/metadata.json`]: JSON.stringify({
            uuid,
            name: 'Bench',
            description: 'Fails',
            'shell-version': ['48', '50', '51'],
        }),
        [`${folder}/extension.js`]: 'export default class { enable() { this.missing.show(); } disable() {} }\n',
    },
    provoke: async desktop => {
        await desktop.user(['gnome-extensions', 'enable', uuid]);
    },
    expect: {
        family: 'desktop',
        subject: uuid,
        cause: /./,
        fix: 'extension.disable',
        changes: /setting \[org\/gnome\/shell\]/,
    },
    clear: async desktop => {
        await desktop.user(['gnome-extensions', 'disable', uuid]);
        await desktop.user(['gsettings', 'reset', 'org.gnome.shell', 'disabled-extensions']);
    },
};
