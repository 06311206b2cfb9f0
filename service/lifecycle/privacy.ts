/** `reeve doctor --privacy`: what can leave this computer, and what stays on it. Each check looks; none repeats a promise. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Config } from '../config/schema.ts';
import type { Format } from '../i18n/format.ts';
import { _, joinStatements, ngettext } from '../i18n/i18n.ts';
import { plainSwap, readOwnProcesses, type OwnProcess } from '../machine/processes/ownProcesses.ts';
import type { Check } from '../model/healthCheck.ts';
import { safeText } from '../text/sanitise.ts';

export type PrivacyContext = {
    /** Of the service. */
    pid: number;
    stateDirectory: string;
    configurationFile: string;
    settings: () => Pick<Config, 'timeline' | 'assistant' | 'usage'>;
    format: Format;
};

export async function examinePrivacy(context: PrivacyContext): Promise<Check[]> {
    const processes = await readOwnProcesses(context.pid);
    return [
        checkProcesses(processes),
        checkConnections(processes),
        await checkFolders(context),
        checkDumps(processes),
        checkSwap(processes, await plainSwap(), context.format),
        checkGraphics(processes),
        describeKept(context),
    ];
}

const named = ({ name, pid }: OwnProcess) => `${safeText(name, 40)} (${pid})`;
const list = (processes: readonly OwnProcess[]) => processes.map(named).join(', ');

function checkProcesses(processes: readonly OwnProcess[]): Check {
    return check('privacy-processes', _('Processes'), 'fine', list(processes));
}

function checkConnections(processes: readonly OwnProcess[]): Check {
    const title = _('Connections');
    const id = 'privacy-connections';
    const open = processes.flatMap(process => (process.sockets ?? []).map(socket => ({ process, ...socket })));
    const text = (all: typeof open) => all.map(({ process, address }) => `${address} ${named(process)}`).join('\n');
    const away = open.filter(({ isLoopback }) => !isLoopback);
    if (away.length > 0) {
        const remedy = _(
            'Reeve connects only to download a model that you chose, and to a server that you configured. reeve pause ends every connection.',
        );
        return { ...check(id, title, 'problem', `${_('Open to other computers:')}\n${text(away)}`), remedy };
    }
    const unseen = processes.filter(({ sockets }) => sockets === null);
    if (unseen.length > 0)
        return check(
            id,
            title,
            'note',
            _('The system does not show those of {processes}', { processes: list(unseen) }),
        );
    if (open.length > 0) return check(id, title, 'note', `${_('Within this computer:')}\n${text(open)}`);
    const none = ngettext(
        'No internet socket is open in {count} process',
        'No internet socket is open in {count} processes',
        processes.length,
    );
    return check(id, title, 'fine', none);
}

async function checkFolders({ stateDirectory, configurationFile }: PrivacyContext): Promise<Check> {
    const title = _('Folders');
    const secret = ['', 'database', 'database/reeve.db', 'contents', 'backups', 'inference'];
    const paths = secret.map(name => [join(stateDirectory, name), 0o077] as const);
    // What is configured is no secret, but others must not change it.
    const found = await Promise.all(
        [...paths, [dirname(configurationFile), 0o022] as const].map(async ([path, forbidden]) => {
            const stats = await stat(path).catch(() => null);
            const isOpen = stats !== null && ((stats.mode & forbidden) !== 0 || stats.uid !== process.getuid?.());
            return isOpen ? [path] : [];
        }),
    );
    // A folder that nobody else can enter hides all that is in it.
    const [first, ...others] = found.flat();
    if (first === undefined)
        return check('privacy-folders', title, 'fine', _('Only you can read {path}', { path: stateDirectory }));
    const detail = _('Others can enter or change {paths}', { paths: [first, ...others].join(', ') });
    return { ...check('privacy-folders', title, 'problem', detail), remedy: `chmod go-rwx ${first}` };
}

/** core(5). systemd-coredump(8) keeps nothing of a process whose limit is 0. */
function checkDumps(processes: readonly OwnProcess[]): Check {
    const title = _('Core dumps');
    const dumping = processes.filter(({ dumps }) => dumps);
    if (dumping.length === 0)
        return check('privacy-dumps', title, 'fine', _('None is written when a process of Reeve crashes'));
    const detail = _('A crash may write the memory of {processes} to the disk', { processes: list(dumping) });
    return { ...check('privacy-dumps', title, 'problem', detail), remedy: restart() };
}

const restart = () => _('Start the service by its unit: systemctl --user start reeve.service');

function checkSwap(processes: readonly OwnProcess[], plain: readonly string[], format: Format): Check {
    const title = _('Swap');
    const id = 'privacy-swap';
    if (plain.length === 0)
        return check(id, title, 'fine', _('No memory is written to a disk unencrypted: there is no such swap'));
    const place = plain.join(', ');
    const swapped = processes.reduce((sum, process) => sum + process.swapped, 0);
    const models = processes.filter(({ isModel }) => isModel);
    const parts = [
        models.length === 0
            ? _('No model is loaded in a process of its own')
            : models.every(({ staysInMemory }) => staysInMemory)
              ? _('What a model has in memory is never written there')
              : _('What a model has in memory may be written there'),
        swapped === 0
            ? _('nothing of Reeve is there now')
            : _('{size} of Reeve is there now', { size: format.size(swapped) }),
    ];
    const isKept = swapped === 0 && models.every(({ staysInMemory }) => staysInMemory);
    const detail = `${_('{place} is not encrypted', { place: safeText(place, 300) })}\n${joinStatements(parts)}`;
    return check(id, title, isKept ? 'fine' : 'note', detail);
}

function checkGraphics(processes: readonly OwnProcess[]): Check {
    const users = processes.filter(({ devices }) => devices.length > 0);
    const detail =
        users.length === 0
            ? _('No process of Reeve has a graphics card open')
            : users.map(process => `${named(process)}: ${process.devices.join(', ')}`).join('\n');
    return check('privacy-graphics', _('Graphics cards'), 'fine', detail);
}

function describeKept({ settings }: PrivacyContext): Check {
    const { timeline, assistant, usage } = settings();
    const parts = [
        ngettext('What changed: {count} day', 'What changed: {count} days', timeline.days),
        usage.enabled
            ? _('How busy this computer was, with names of programs: a year')
            : _('How busy this computer was: not kept'),
        assistant.keep_conversations
            ? _('Conversations: the latest 1000, until you delete them')
            : _('Conversations: not kept'),
        _('Incidents: the latest 1000; the audit log: for good'),
        _('Evaluated system prompts of a model: without your questions'),
    ];
    return check('privacy-kept', _('What is kept'), 'fine', parts.join('\n'));
}

function check(id: string, title: string, status: Check['status'], detail: string): Check {
    return { id, title, status, detail, remedy: '' };
}
