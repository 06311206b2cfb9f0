import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Run } from '../command.ts';
import { exit } from '../exit.ts';

export const pause: Run = async ({ terminal, json, client }) => {
    await (await client()).call(rootPath, 'Manager.Pause', 'a{sv}', [{}]);
    if (json) terminal.json({ paused: true });
    else terminal.line(_('Paused. Nothing is watched or answered until you run: reeve resume'));
    return exit.ok;
};

export const resume: Run = async ({ terminal, json, client }) => {
    await (await client()).call(rootPath, 'Manager.Resume', 'a{sv}', [{}]);
    if (json) terminal.json({ paused: false });
    else terminal.line(_('Reeve is watching again.'));
    return exit.ok;
};
