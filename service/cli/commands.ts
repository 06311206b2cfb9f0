/** All commands. Manuals are in English throughout, like those of the tools that they sit beside. */
import { timelineKinds } from '../model/timelineKinds.ts';
import { safeText } from '../text/sanitise.ts';
import { exit, UsageError, type Command, type Option } from './command.ts';
import { didYouMean } from './didYouMean.ts';

const json: Option = { description: 'Print JSON instead of text for people, each document on a line of its own.' };
const incident = { name: 'N' };

const incidentKeys =
    'id, family, kind, local_rule (the file and line of the rule that somebody added, null for Reeve’s own), subject, scope ("system" or "user"), severity ("low", "medium", "high", "critical"), state ("open", ' +
    '"fixing", "fixed", "recovered", "dismissed"), title, summary, cause, still_wrong, first, last, count, affected';
const changeKeys =
    'One object: proposal (as in reeve show), outcome ("success", "not-cleared", "refused", "failed", "cancelled", ' +
    '"declined"), gone, detail, steps_done, steps_total; after a failure also error and message. The plan, the question and the progress go to ' +
    'standard error.';

/** Of every command that talks to the service. */
const served = {
    [exit.unavailable]: 'The service cannot be reached.',
    [exit.failed]: 'The service could not do it, or the output cannot be written.',
};
const ofIncident = { ...served, [exit.notFound]: 'There is no such incident.' };
const ofChange = {
    ...ofIncident,
    [exit.refused]: 'You did not agree, the system did not allow it, or this is no terminal.',
    [exit.notFound]: 'There is no such incident or fix.',
    [exit.failed]:
        'The service could not do it: it is paused or busy, or something has changed in the meantime. Or the output cannot be written.',
    [exit.interrupted]: 'Cancelled with Ctrl+C.',
};

export const commands: readonly Command[] = [
    {
        name: 'status',
        summary: 'what is watched, and what is wrong',
        operands: [],
        options: { json },
        description: [
            'Shows whether Reeve watches, what keeps it from seeing more, and the open incidents. reeve doctor names every source.',
        ],
        json: 'One object: version, state ("starting", "watching", "degraded", "paused"), paused_since, open_incidents, answerer, sources (name, state, detail, events, lost), notices (code, text, remedy).',
        exitStatus: {
            ...served,
            [exit.ok]: 'Everything is watched and nothing is wrong.',
            [exit.notWell]: 'There are open incidents, or Reeve is paused or limited.',
        },
        examples: [['reeve status --json | jq .open_incidents', 'How many incidents are open.']],
        load: async () => (await import('./commands/status.ts')).run,
    },
    {
        name: 'incidents',
        summary: 'list incidents',
        operands: [],
        options: { all: { short: 'a', description: 'Also those that are closed (the last twenty).' }, json },
        description: ['Lists the open incidents, oldest first: number, severity, title, and when each was last seen.'],
        json: `One object: incidents, a list of objects: ${incidentKeys}.`,
        exitStatus: served,
        examples: [['reeve incidents --all', 'Everything of late.']],
        load: async () => (await import('./commands/incidents.ts')).run,
    },
    {
        name: 'show',
        summary: 'one incident, with its evidence and fixes',
        operands: [incident],
        options: { json },
        description: [
            'Shows all about incident N: what failed, since when, why, the log lines and facts that say so, and the fixes that Reeve knows.',
        ],
        json: `One object: ${incidentKeys}, evidence (source, time, origin, message, cursor), proposals (id, action, title, explanation, steps, risk, risk_text, reversible, undo_text, undo_steps, undo_first (numbers), applied, authentication, digest, state, outcome).`,
        exitStatus: ofIncident,
        examples: [
            ['reeve show 3', 'All about incident 3.'],
            [
                `reeve show 3 --json | jq -r '.evidence[].cursor // empty'`,
                'Cursors of the journal entries, for journalctl --cursor.',
            ],
        ],
        load: async () => (await import('./commands/show.ts')).run,
    },
    {
        name: 'fix',
        summary: 'see the plan for an incident, agree, and have it carried out',
        operands: [incident, { name: 'CHOICE', optional: true }],
        options: { json },
        description: [
            'Shows the best fix for incident N, or fix number CHOICE of reeve show N: the steps, the exact D-Bus calls, the risk, and whether it can be taken back. Then asks. What was shown is what is done: if the system has changed in the meantime, nothing is done.',
            'A plan that may lose data wants the name of its subject typed instead of y.',
            'The system may ask for a password. Afterwards Reeve checks whether the fault is really gone. Ctrl+C stops the work as soon as that is safe.',
            'It has to run on a terminal: a change is agreed to by a person.',
        ],
        json: changeKeys,
        exitStatus: {
            ...ofChange,
            [exit.ok]: 'The change was made, and the fault is gone or cannot be looked at.',
            [exit.notWell]: 'The change was made, but the fault is still there.',
        },
        examples: [
            ['reeve fix 3', 'The best fix for incident 3.'],
            ['reeve fix 3 2', 'The second best.'],
        ],
        load: async () => (await import('./commands/change.ts')).fix,
    },
    {
        name: 'undo',
        summary: 'take back what was done about an incident',
        operands: [incident],
        options: { json },
        description: [
            'Takes back the fix that was applied to incident N, after showing exactly what that does and asking; of several the one that was applied last. Reeve keeps what it needs for that; a change that cannot be taken back says so before it is made.',
        ],
        json: changeKeys,
        exitStatus: ofChange,
        examples: [['reeve undo 3', 'Take back what was done about incident 3.']],
        load: async () => (await import('./commands/change.ts')).undo,
    },
    {
        name: 'check',
        summary: 'look whether an incident is still there',
        operands: [incident],
        options: { json },
        description: ['Runs the check of incident N now. If the fault has gone, the incident is closed.'],
        json: 'One object: incident, gone, detail.',
        exitStatus: { ...ofIncident, [exit.ok]: 'It is gone.', [exit.notWell]: 'It is still there.' },
        examples: [['reeve check 3', 'Did it help?']],
        load: async () => (await import('./commands/check.ts')).run,
    },
    {
        name: 'dismiss',
        summary: 'close an incident without fixing it',
        operands: [incident],
        options: {
            forever: { description: 'Never again report an incident of this kind about the same subject.' },
            json,
        },
        description: ['Closes incident N. It has to run on a terminal.'],
        json: 'One object: incident, dismissed, forever.',
        exitStatus: { ...ofIncident, [exit.refused]: 'This is no terminal.' },
        examples: [['reeve dismiss 3 --forever', 'I know, and I do not mind.']],
        load: async () => (await import('./commands/dismiss.ts')).run,
    },
    {
        name: 'muted',
        summary: 'what is never reported',
        operands: [],
        options: { json },
        description: [
            'Lists what reeve dismiss --forever, or “Never again” in the desktop, was said of, oldest first.',
        ],
        json: 'One object: muted, a list of objects: family, scope, subject, since.',
        exitStatus: served,
        examples: [['reeve muted', 'What do I not hear of?']],
        load: async () => (await import('./commands/muted.ts')).muted,
    },
    {
        name: 'unmute',
        summary: 'report something again',
        operands: [{ name: 'SUBJECT' }],
        options: { json },
        description: [
            'Takes back all that reeve muted lists about SUBJECT, so that it is reported from the next time that it fails.',
        ],
        json: 'One object: unmuted, a list of objects as in reeve muted.',
        exitStatus: { ...served, [exit.notFound]: 'SUBJECT is not muted.' },
        examples: [['reeve unmute ssh.service', 'I want to hear of it after all.']],
        load: async () => (await import('./commands/muted.ts')).unmute,
    },
    {
        name: 'ask',
        summary: 'ask about this computer',
        operands: [{ name: 'QUESTION…', optional: true }],
        options: {
            model: { short: 'm', value: 'MODEL', description: 'Let this language model answer; built-in for none.' },
            file: { short: 'f', value: 'FILE', many: true, description: 'Hand over a text file. A model answers.' },
            incident: { value: 'N', description: 'About this incident: a model adds to what the rules found.' },
            conversation: { value: 'N', description: 'Go on with conversation N, and keep it; new begins one.' },
            schema: { value: 'FILE', description: 'Answer with one JSON document that fits this JSON Schema.' },
            deadline: { value: 'SECONDS', description: 'Give up after so long.' },
            json,
        },
        description: [
            'Answers a question about this computer from what it can see: what failed and why, what uses memory, processor or disk, whether the network is up and where it stops, what changed recently, how a service is doing, the last crash, versions. The words are put together with spaces; without any, the question is read from standard input.',
            'What that does not cover goes to the language model, where one is chosen (see reeve models). What it looks up is told on standard error. It can change nothing; a fix that it suggests is shown by reeve show like any other.',
            'The answer appears as it is found, followed by the evidence that it rests on and by who gave it. Ctrl+C stops it.',
        ],
        json: 'One object: question, outcome ("success", "failed", "cancelled"), answer, answerer ("built-in" or the name of a model), topic ("none" when nothing could answer), steps (tool, title, failed, touched), evidence (source, time, origin, message, cursor), incidents (numbers), proposals (numbers), conversation (0 for none), suggestions; after a failure also error and message.',
        exitStatus: {
            ...served,
            [exit.ok]: 'There is an answer.',
            [exit.notWell]: 'Reeve cannot answer such a question, and said what it can.',
            [exit.failed]: 'The service could not do it: it is paused or busy. Or the output cannot be written.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve ask what is using my memory', ''],
            ['reeve ask "why did ssh fail" --json | jq -r .answer', 'Only the answer.'],
            ['reeve ask --incident 3 "why did this happen?"', 'What the rules found, and what a model adds.'],
            ['reeve ask -f /etc/fstab "is anything wrong here?"', ''],
        ],
        load: async () => (await import('./commands/ask.ts')).run,
    },
    {
        name: 'models',
        summary: 'language models: what fits this computer, getting and choosing them',
        operands: [
            {
                name: 'ACTION',
                optional: true,
                choices: [
                    'list',
                    'status',
                    'probe',
                    'unload',
                    'recommend',
                    'survey',
                    'download',
                    'import',
                    'use',
                    'remove',
                    'cancel',
                    'key',
                ],
            },
            { name: 'MODEL', optional: true },
        ],
        options: {
            for: {
                value: 'ROLE',
                choices: ['quick', 'hard'],
                description: 'use: only for quick work, or only for hard questions.',
            },
            'even-if-too-large': { description: 'download: also a model that does not fit into memory.' },
            all: { short: 'a', description: 'recommend: also what does not fit this computer.' },
            json,
        },
        description: [
            'list, the default, shows the models that are installed, what each is used for, and downloads on their way. recommend says which models suit this computer and why, and survey what it was judged by. None of them asks anybody on the network.',
            'download fetches MODEL, a name that recommend shows or OWNER/NAME/FILE.gguf for any other of huggingface.co, checks it and installs it. Ctrl+C stops it, and the same command goes on later; without a terminal it goes on in the service. cancel stops one that another window has begun.',
            'import copies the GGUF file MODEL. use chooses the installed MODEL, or none. remove deletes MODEL, or what has arrived of it.',
            'key has the keyring keep a key for the server of server.url in the configuration: typed unseen, or read from a pipe.',
            'status says what computes when a model answers, why nothing better, and what is in memory. probe finds that out again, after a driver was installed for example. unload gives the memory of a model back.',
        ],
        json: 'list: one object: installed (id, name, path, size, sha256, installed, origin, revision, architecture, parameters, quantisation, licence, context, need, template ("none", "plain", "tools")), quick, hard (ids, empty for none), transfers (id, name, kind, received, total, step, running). status, probe: one object: accelerator ("cuda", "vulkan", "cpu", "remote", empty while it is not known), device, why, tried (accelerator, works, device, detail), loaded (an id, empty for none), layers, layers_accelerated, memory, memory_gpu, context, threads. unload: loaded. recommend: one object: models, the whole catalogue from the weakest to the strongest, with place ("gpu", "split", "cpu", "none"), room, fast, roles, reason and more. survey: one object: gpus, memory, memory_available, cores, disk, model_memory, model_gpu_memory. download, import: one object: outcome ("success", "failed", "cancelled"), model; after a failure also error and message. use: quick, hard. remove, cancel: model. key: kept. Sizes are bytes.',
        exitStatus: {
            [exit.notWell]: 'list: no model is installed. status: it is not known yet. recommend: none fits.',
            [exit.notFound]: 'There is no such model or file.',
            [exit.failed]: 'It could not be got; the message says why.',
        },
        examples: [
            ['reeve models recommend', 'What would run here, and how well.'],
            ['reeve models download qwen3-4b-2507', ''],
            ['reeve models import ~/Downloads/model.gguf', ''],
            ['reeve models use qwen3-0.6b --for quick', 'A small one for quick work.'],
        ],
        load: async () => (await import('./commands/models.ts')).run,
    },
    {
        name: 'timeline',
        summary: 'what changed, and when',
        operands: [],
        options: {
            since: { value: 'TIME', description: 'Only what came at or after TIME; see above.' },
            until: { value: 'TIME', description: 'Only what came at or before TIME.' },
            kind: {
                value: 'KIND',
                many: true,
                choices: timelineKinds,
                description: 'Only entries of this kind. May be given several times.',
            },
            subject: {
                value: 'NAME',
                description: 'Only what happened to NAME, for example "ssh.service"; differences are then shown whole.',
            },
            text: { value: 'WORDS', description: 'Only entries in which all of WORDS occur.' },
            limit: {
                short: 'n',
                value: 'COUNT',
                description: 'At most COUNT entries, from 1 to 1000; 100 by default.',
            },
            json,
        },
        description: [
            'Lists what Reeve knows to have changed on this computer, newest first. Packages that were installed, upgraded or removed within minutes of each other are one entry; --json has each of them, with its version.',
            'TIME is a duration before now ("90min", "2h", "3d", "1w"), "today", "yesterday", a local date or time ("2026-11-21", "2026-11-21 03:14", "03:14"), or ISO 8601.',
        ],
        json: 'One object: entries, a list of objects: id, time, kind, event, subject, source, summary, detail, facts.',
        exitStatus: served,
        examples: [
            ['reeve timeline --since 2h', 'What changed in the last two hours.'],
            ['reeve timeline --kind file --subject /etc/fstab', 'Every change of a file, with what is different.'],
        ],
        load: async () => (await import('./commands/timeline.ts')).run,
    },
    {
        name: 'pause',
        summary: 'stop all watching and answering',
        operands: [],
        options: { json },
        description: [
            'Stops everything that Reeve does until reeve resume, also over a restart. Running questions and fixes are cancelled as soon as that is safe.',
        ],
        json: 'One object: paused.',
        exitStatus: served,
        examples: [['reeve pause', '']],
        load: async () => (await import('./commands/pause.ts')).pause,
    },
    {
        name: 'resume',
        summary: 'take up watching and answering again',
        operands: [],
        options: { json },
        description: ['Ends a pause. What was logged in the meantime is not read; what is still broken now is found.'],
        json: 'One object: paused.',
        exitStatus: served,
        examples: [['reeve resume', '']],
        load: async () => (await import('./commands/pause.ts')).resume,
    },
    {
        name: 'analyze',
        summary: 'what Reeve would have said of a log',
        operands: [],
        options: {
            file: {
                value: 'JOURNAL',
                path: 'file',
                many: true,
                description: 'A journal file. May be given more than once.',
            },
            directory: {
                value: 'DIRECTORY',
                path: 'directory',
                description: 'A directory of journal files, such as /var/log/journal.',
            },
            input: {
                value: 'EXPORT',
                path: 'file',
                description:
                    'A journal in the export format, as journalctl --output=export prints it; - for standard input.',
            },
            text: {
                value: 'LOG',
                path: 'file',
                description:
                    'A plain-text log, one entry a line: syslog, dmesg, journalctl in any of its short formats, or bare messages; - for standard input.',
            },
            since: { value: 'TIME', description: 'Leave out what was logged earlier.' },
            'per-line': {
                description: 'With --text: say of every line, in order, whether somebody ought to act on it, as JSON.',
            },
            json,
        },
        description: [
            'Runs the detection of the live service over a log: without the service, without the network, and without changing anything. Without an option that names a log it reads the journal of this machine.',
            'Every incident is listed, also one that was over by the end of the log. In a journal only those are believed who may say it: the kernel, the service manager, or the program in question. In a plain-text log what a line calls its writer is all there is.',
            'TIME is a duration before now (90min, 2h, 3d), today, yesterday, a local date or time, or ISO 8601. Lines without a time are never left out.',
        ],
        json: 'One object a line for each incident, the most severe first: family, kind, subject, severity ("critical", "high", "medium", "low"), title, cause, first, last (ISO 8601 in UTC, null when the log has no times), count, evidence (line, cursor, message). With --per-line one object for every line of the log: line (its number), actionable (false for what a person need not act on), family and severity (null when nothing is known of the line).',
        exitStatus: {
            [exit.ok]: 'The log was read, whatever was found in it.',
            [exit.unavailable]: 'The log cannot be read, or is not what it was said to be.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve analyze --since today', 'What happened here today.'],
            ['reeve analyze --text /var/log/syslog --json', 'A log of any machine, for a script.'],
            ['journalctl -o export | reeve analyze --input -', 'A journal from somewhere else.'],
        ],
        load: async () => (await import('./commands/analyze.ts')).run,
    },
    {
        name: 'doctor',
        summary: 'what keeps Reeve from doing all of its work',
        operands: [],
        options: { json },
        description: [
            'Checks the footing of Reeve itself: what it may read, its database, its log, its configuration.',
        ],
        json: 'One object: checks, a list of objects: id, title, status ("fine", "note", "problem"), detail, remedy.',
        exitStatus: { ...served, [exit.ok]: 'No problem was found.', [exit.notWell]: 'There is a problem.' },
        examples: [['reeve doctor', '']],
        load: async () => (await import('./commands/doctor.ts')).run,
    },
    {
        name: 'audit',
        summary: 'what Reeve did, in a log that shows tampering',
        operands: [{ name: 'list|verify', optional: true, choices: ['list', 'verify'] }],
        options: {
            limit: {
                short: 'n',
                value: 'COUNT',
                description: 'At most COUNT entries, from 1 to 1000; 100 by default.',
            },
            json,
        },
        description: [
            'Lists what Reeve did and who agreed to it, newest first; or verifies that nobody changed the log.',
            'Every entry carries the hash of the one before it. Keep the newest hash, which verify prints, somewhere else to notice later that the log was cut short or written anew.',
        ],
        json: 'list: one object: entries, a list of objects: id, time, event, actor, subject, detail, hash. verify: one object: ok, checked, detail, head.',
        exitStatus: { ...served, [exit.notWell]: 'verify: the log was changed.' },
        examples: [['reeve audit verify', '']],
        load: async () => (await import('./commands/audit.ts')).run,
    },
    {
        name: 'help',
        summary: 'the manual of a command',
        operands: [{ name: 'COMMAND', optional: true }],
        options: {},
        description: ['Shows the manual of COMMAND, or of reeve itself.'],
        exitStatus: {},
        examples: [['reeve help fix', '']],
        load: async () => (await import('./commands/help.ts')).run,
    },
];

/** @throws UsageError that lists the commands, when it is none of them */
export function findCommand(name: string): Command {
    const command = commands.find(each => each.name === name);
    if (command !== undefined) return command;
    const names = commands.map(each => each.name);
    const hint = didYouMean(name, names) || `; there are ${names.join(', ')}`;
    throw new UsageError(`there is no command “${safeText(name, 80)}”${hint}`);
}
