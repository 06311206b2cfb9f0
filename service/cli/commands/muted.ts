/** `reeve muted` and `reeve unmute`: the muted subjects, and how to unmute them. */
import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Run } from '../command.ts';
import { CommandError, exit } from '../exit.ts';
import type { Manager } from '../objects.ts';
import { localTime } from '../../text/localTime.ts';
import { jsonTime } from '../times.ts';

export const muted: Run = async ({ terminal, json, client }) => {
    const mutes = (await (await client()).manager()).muted;
    if (json) terminal.json({ muted: mutes.map(muteJson) });
    else if (mutes.length === 0) terminal.line(_('Nothing is muted.'));
    else
        for (const { subject, scope, family, since } of mutes) {
            const what = [subject, scope, family].map(text => terminal.plain(text, 300)).join('  ');
            terminal.line(`${terminal.style('dim', localTime(since))}  ${what}`);
        }
    return exit.ok;
};

export const unmute: Run = async ({ terminal, json, client }, { operands: [subject = ''] }) => {
    const service = await client();
    const mutes = (await service.manager()).muted.filter(mute => mute.subject === subject);
    if (mutes.length === 0) throw new CommandError(exit.notFound, 'NotFound', _('{subject} is not muted', { subject }));
    for (const { family, scope } of mutes)
        await service.call(rootPath, 'Manager.Unmute', 'sssa{sv}', [family, scope, subject, {}]);
    if (json) terminal.json({ unmuted: mutes.map(muteJson) });
    else terminal.line(_('{subject} will be reported again.', { subject: terminal.plain(subject) }));
    return exit.ok;
};

function muteJson({ since, ...mute }: Manager['muted'][number]) {
    return { ...mute, since: jsonTime(since) };
}
