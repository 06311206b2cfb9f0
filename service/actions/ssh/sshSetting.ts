import { existsSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBytes } from '../../machine/machine.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { programForRoot, programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** What people change of it, with the values of sshd_config(5) that allow and refuse it. */
const settings = {
    PasswordAuthentication: { allow: 'yes', refuse: 'no' },
    // With a key: a password of root can be guessed from anywhere.
    PermitRootLogin: { allow: 'prohibit-password', refuse: 'no' },
    X11Forwarding: { allow: 'yes', refuse: 'no' },
} as const;
type Setting = keyof typeof settings;
const names = Object.keys(settings) as [Setting, ...Setting[]];
const parameters = z.strictObject({ setting: z.enum(names), allow: z.boolean() });
type Asked = Surroundings & { signal: AbortSignal };

const path = '/etc/ssh/sshd_config';
const limit = 262_144;

const called = {
    PasswordAuthentication: {
        en: '(password login|password logins|password authentication|passwords|logins with passwords)',
        de: '(passwort-anmeldung|passwortanmeldung|anmeldung mit passwort|passwörter)',
        ar: '(كلمات مرور|دخول بكلمة مرور)',
    },
    PermitRootLogin: {
        en: '(root login|root logins|logins of root|root)',
        de: '(root-anmeldung|anmeldung von root|root)',
        ar: '(دخول root|root)',
    },
    X11Forwarding: { en: '(x11 forwarding|x11)', de: '(x11-weiterleitung|x11)', ar: '(تمرير x11|x11)' },
} as const satisfies Record<Setting, object>;

/** Sets one line of the settings of the SSH server, which reads the new text before anybody is asked for a password. */
export const sshSetting = defineAction({
    name: 'ssh.setting',
    parameters,
    touches: () => [path],
    wishes: names.flatMap(setting =>
        [true, false].map(allow => {
            const { en, de, ar } = called[setting];
            return {
                phrases: {
                    en: [
                        `${allow ? '(allow|turn on|enable)' : '(forbid|turn off|disable|do not allow)'} ${en} (over|via|by|in|through|for) ssh`,
                    ],
                    de: allow
                        ? [
                              `erlaube ${de} (über|per|bei|für) ssh`,
                              `${de} (über|per|bei|für) ssh (erlauben|einschalten)`,
                          ]
                        : [
                              `verbiete ${de} (über|per|bei|für) ssh`,
                              `${de} (über|per|bei|für) ssh (verbieten|ausschalten|abschalten)`,
                          ],
                    ar: [`${allow ? '(اسمح|فعل)' : '(امنع|عطل)'} ${ar} (عبر|في) ssh`],
                },
                parameters: () => [{ setting, allow }],
            };
        }),
    ),
    async plan({ setting, allow }, asked) {
        const { bytes, lines } = await read(asked);
        const value = settings[setting][allow ? 'allow' : 'refuse'];
        if (first(lines, setting) === value)
            throw new ReeveError('InvalidState', _('The setting already has this value'));
        const to = Buffer.from(`${withSetting(lines, setting, value).join('\n')}\n`);
        const title = titleOf(setting, allow);
        const { step, undo } = await editSteps(
            'system',
            path,
            { from: bytes, to, permissions: '0:0 0644' },
            { description: title, back: _('Restore {path}', { path }) },
            asked.contents,
        );
        await requireValid(to, asked);
        return {
            title,
            steps: [step, reload(asked)],
            risk: 'medium',
            riskText:
                setting === 'PasswordAuthentication' && !allow
                    ? _(
                          'Who has no key on this computer can no longer log in from elsewhere. Connections that are open stay.',
                      )
                    : _('It counts for everybody who logs in from elsewhere. Connections that are open stay.'),
            undo: { text: _('Restores {path}', { path }), steps: [undo, { ...reload(asked), undoes: 1 }] },
            authentication: true,
            preconditions: {},
        };
    },
    async verify({ setting, allow }, asked) {
        return valueCheck(first((await read(asked)).lines, setting) === settings[setting][allow ? 'allow' : 'refuse']);
    },
});

function titleOf(setting: Setting, allow: boolean): string {
    switch (setting) {
        case 'PasswordAuthentication':
            return allow ? _('Allow logins by SSH with a password') : _('Allow logins by SSH only with a key');
        case 'PermitRootLogin':
            return allow ? _('Let root log in by SSH with a key') : _('Keep root from logging in by SSH');
        case 'X11Forwarding':
            return allow ? _('Allow X11 forwarding by SSH') : _('Forbid X11 forwarding by SSH');
    }
}

/** The server takes the first value that it finds: sshd_config(5). So the line goes before the first other one, which may include files. */
function withSetting(lines: readonly string[], setting: Setting, value: string): string[] {
    const end = globalEnd(lines);
    const kept = lines.filter((line, index) => index >= end || nameIn(line) !== setting.toLowerCase());
    const begin = kept.findIndex(line => nameIn(line) !== '');
    return kept.toSpliced(begin < 0 ? kept.length : begin, 0, `${setting} ${value}`);
}

/** The value that counts for everybody, where no other file decides before it. */
function first(lines: readonly string[], setting: Setting): string | null {
    for (const line of lines.slice(0, globalEnd(lines))) {
        if (nameIn(line) === 'include') return null;
        if (nameIn(line) === setting.toLowerCase())
            return (
                line
                    .trim()
                    .split(/[\s=]+/)[1]
                    ?.toLowerCase() ?? null
            );
    }
    return null;
}

/** What follows is for some people or addresses alone. */
function globalEnd(lines: readonly string[]): number {
    const match = lines.findIndex(line => nameIn(line) === 'match');
    return match < 0 ? lines.length : match;
}

/** In lower case, as the server reads it; empty for a comment. */
function nameIn(line: string): string {
    return /^\s*([A-Za-z0-9]+)/.exec(line)?.[1]?.toLowerCase() ?? '';
}

/** @throws ReeveError InvalidState without such a file, or with one that this user may not read */
async function read({ machine }: Asked): Promise<{ bytes: Buffer; lines: string[] }> {
    const bytes = machine === null ? null : await readBytes(machine, path, limit);
    if (bytes === null || bytes.length === limit || !bytes.equals(Buffer.from(bytes.toString('utf8'))))
        throw new ReeveError('InvalidState', _('{path} cannot be read', { path }));
    return { bytes, lines: bytes.toString('utf8').replace(/\n$/, '').split('\n') };
}

/** -G of sshd(8) reads a file and prints what it says. @throws ReeveError InvalidState when it finds a mistake */
async function requireValid(text: Buffer, { machine, contents, signal }: Asked): Promise<void> {
    const draft = await contents.put(text);
    const complaint = await machine?.run(programForRoot('sshd'), ['-G', '-f', contents.path(draft)], {
        signal,
        onlyFailing: true,
    });
    const [line = ''] = complaint?.split('\n').filter(each => each.startsWith('/')) ?? [];
    if (complaint !== '')
        throw new ReeveError(
            'InvalidState',
            _('{path} would have a mistake: {reason}', { path, reason: safeText(line, 200) }),
        );
}

/** Debian calls it ssh.service, others sshd.service. One that is off stays so: systemctl(1), try-reload-or-restart. */
function reload({ machine }: Asked) {
    const isOfDebian = existsSync(join(machine?.root ?? '/', 'usr/lib/systemd/system/ssh.service'));
    const unit = isOfDebian ? 'ssh.service' : 'sshd.service';
    return {
        description: _('Have {unit} read its settings again', { unit }),
        ...programStep('system', ['systemctl', 'try-reload-or-restart', '--', unit]),
    };
}
