import * as z from 'zod';

import { rootPath } from '../../util/names.ts';
import { variant } from '../../dbus/variant.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Run } from '../command.ts';
import { exit } from '../exit.ts';
import { checkSchema, type Check } from '../objects.ts';
import type { Terminal } from '../terminal.ts';

const reply = z.tuple([z.array(checkSchema)]);
const styles = { fine: 'good', note: 'warning', problem: 'bad', unknown: 'dim' } as const;

export const run: Run = async ({ terminal, json, client }, { options }) => {
    const wanted = Object.fromEntries(
        ['hardware', 'privacy'].filter(name => options[name] === true).map(name => [name, variant('b', true)]),
    );
    const [checks] = reply.parse(
        await (await client()).call(rootPath, 'Manager.Doctor', 'a{sv}', [wanted], { timeout: 60_000 }),
    );
    const code = checks.some(({ status }) => status === 'problem') ? exit.notWell : exit.ok;
    if (json) {
        terminal.json({ checks });
        return code;
    }
    for (const check of checks) writeCheck(terminal, check);
    return code;
};

export function writeCheck(terminal: Terminal, { title, status, detail, remedy }: Check): void {
    const mark = `[${statusText(status)}]`;
    const [first = '', ...rest] = detail.split('\n').map(line => terminal.plain(line));
    const head = terminal.item(`${mark} ${terminal.plain(title)}: ${first}`, '    ');
    terminal.line(head.replace(mark, terminal.style(styles[status], mark)));
    for (const line of rest) terminal.line(terminal.wrap(line, '    '));
    if (remedy !== '') terminal.line(terminal.wrap(terminal.plain(remedy), '    '));
}

function statusText(status: Check['status']): string {
    switch (status) {
        case 'fine':
            return _('OK');
        case 'note':
            return _('note');
        case 'problem':
            return _('problem');
        case 'unknown':
            return '?';
    }
}
