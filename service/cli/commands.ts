/** All commands. Manuals are in English throughout, like those of the tools that they sit beside. */
import { timelineKinds } from '../model/timelineKinds.ts';
import { safeText } from '../text/sanitise.ts';
import type { Command, Option } from './command.ts';
import { exit, UsageError } from './exit.ts';
import { didYouMean } from './didYouMean.ts';

const json: Option = { description: 'Print JSON instead of text, one document per line.' };
const incident = { name: 'N' };
/** An incident, such as 3, or a task, such as t3. */
const owner = { name: 'N' };

const incidentKeys =
    'id, family, kind, local_rule (file and line of a rule that was added on this computer, null for Reeve’s own), subject, scope ("system" or "user"), severity ("low", "medium", "high", "critical"), state ("open", ' +
    '"fixing", "fixed", "recovered", "dismissed"), title, summary, cause, still_wrong, first, last, count, affected, steps, looking (whether Reeve is looking for the cause and for fixes)';
const changeKeys =
    'One object: proposal (as in reeve show), outcome ("success", "not-cleared", "refused", "failed", "cancelled", ' +
    '"declined"), gone, detail, steps_done, steps_total; after a failure also error and message. The plan, the question and the progress go to ' +
    'standard error.';

/** Of every command that talks to the service. */
const served = {
    [exit.unavailable]: 'The service cannot be reached.',
    [exit.failed]: 'The service failed, or the output cannot be written.',
};
const ofIncident = { ...served, [exit.notFound]: 'There is no such incident.' };
const ofChange = {
    ...ofIncident,
    [exit.refused]: 'You declined, the system did not allow it, or this is not a terminal.',
    [exit.notFound]: 'There is no such incident or fix.',
    [exit.failed]:
        'The service failed: it is paused or busy, or something has changed in the meantime. Or the output cannot be written.',
    [exit.interrupted]: 'Cancelled with Ctrl+C.',
};

export const commands: readonly Command[] = [
    {
        name: 'status',
        summary: 'show what is watched and what is wrong',
        operands: [],
        options: { json },
        description: [
            'Shows whether Reeve is watching, what limits it, and the open incidents. reeve doctor lists every source.',
        ],
        json: 'One object: version, state ("starting", "watching", "degraded", "paused"), paused_since, open_incidents, answerer, sources (name, state, detail, events, lost), notices (code, text, remedy).',
        exitStatus: {
            ...served,
            [exit.ok]: 'Everything is watched and nothing is wrong.',
            [exit.notWell]: 'There are open incidents, or Reeve is paused or limited.',
        },
        examples: [['reeve status --json | jq .open_incidents', 'The number of open incidents.']],
        load: async () => (await import('./commands/status.ts')).run,
    },
    {
        name: 'setup',
        summary: 'introduce Reeve: what it watches, what is wrong now, and a language model if you want one',
        operands: [],
        options: {
            yes: { description: 'Ask nothing: nothing is changed, and no model is downloaded without --model.' },
            model: { value: 'MODEL', description: 'Download MODEL, a name that reeve models recommend shows.' },
            demo: {
                description:
                    'Take no step: break something harmless, and repair it with Reeve. Only a person can do that, in a terminal.',
            },
            json,
        },
        description: [
            'Takes three short steps: what Reeve watches, what is wrong now (open incidents, and what reeve doctor finds), and which language models this computer could run. Run it as often as you like.',
            'If you may not read the system log, it shows the plan that adds you to a group that may, and asks whether to apply it. That takes effect when you log in again; reeve undo takes it back. As every change, only a person can approve it.',
            'With --demo, Reeve starts a service of its own, reeve-demo.service, puts a mistake into its settings in ~/.config/systemd/user/reeve-demo.env, notices that it fails, and asks whether to apply the fix. At the end, also after Ctrl+C, it removes both.',
            'Ctrl+C at a question or during a download ends it. What a step has not begun is not done; a download is resumed with the same command. Without a terminal, and with --json, it asks nothing.',
        ],
        json: 'One object, with a key for each step. watch: version, state, sources, notices (as in reeve status). health: incidents (as in reeve incidents), checks (the problems of reeve doctor), log_access: readable, proposal (the plan that makes it so, as in reeve show, or null), refusal (why there is none). model: survey, recommended (the best first: id, name, size, reason, fast, roles), installed (ids), outcome ("none", "success", "failed", "cancelled"); after a failure also error and message.',
        exitStatus: {
            ...served,
            [exit.ok]: 'Nothing is wrong.',
            [exit.notWell]: 'There are open incidents or problems, or Reeve is paused.',
            [exit.notFound]: 'There is no such model.',
            [exit.failed]: 'The service failed, or the model could not be installed. The message says why.',
            [exit.refused]: 'Without a person: the demo. With --demo, the person did not approve.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve setup', 'Take the three steps.'],
            ['reeve setup --demo', 'See how Reeve repairs something.'],
            ['reeve setup --yes --model qwen3-4b-2507', 'Download a model, for a script.'],
        ],
        load: async () => (await import('./commands/setup.ts')).run,
    },
    {
        name: 'incidents',
        summary: 'list incidents',
        operands: [],
        options: { all: { short: 'a', description: 'Include closed incidents (the last twenty).' }, json },
        description: ['Lists the open incidents, oldest first: number, severity, title and when each was last seen.'],
        json: `One object: incidents, a list of objects: ${incidentKeys}.`,
        exitStatus: served,
        examples: [['reeve incidents --all', 'Open and recently closed incidents.']],
        load: async () => (await import('./commands/incidents.ts')).run,
    },
    {
        name: 'show',
        summary: 'show an incident with its evidence and fixes',
        operands: [incident],
        options: { json },
        description: [
            'Shows everything about incident N: what failed, since when and why, the evidence, and the fixes that Reeve knows.',
        ],
        json: `One object: ${incidentKeys}, evidence (source, time, origin, message, cursor), proposals (id, number, action, title, explanation, steps, risk, risk_text, opens, reversible, undo_text, undo_steps, undo_first (numbers), applied, authentication, passwords, finish_steps, digest, state, outcome).`,
        exitStatus: ofIncident,
        examples: [
            ['reeve show 3', 'Everything about incident 3.'],
            [
                `reeve show 3 --json | jq -r '.evidence[].cursor // empty'`,
                'The cursors of the journal entries, for journalctl --cursor.',
            ],
        ],
        load: async () => (await import('./commands/show.ts')).run,
    },
    {
        name: 'fix',
        summary: 'show the plan for an incident, and apply it with your consent',
        operands: [owner, { name: 'CHOICE', optional: true }],
        options: { json },
        description: [
            'Shows the best fix for incident N, or the plan for a task such as t3, or fix number CHOICE of reeve show N: the steps, the exact D-Bus calls, the risk, and whether it can be undone. Then asks for your consent. Reeve does exactly what was shown: if the system has changed in the meantime, it does nothing.',
            'CHOICE always means the same fix: a number is never given to another one, also when its plan is made again or after an undo.',
            'If a fix ended halfway, this shows its remaining steps and asks whether to finish it.',
            'For a plan that may lose data, you must type the name of its subject instead of y.',
            'The system may ask for your password, once for nearly every plan; the plan says how many times. Afterwards, Reeve checks whether the fault is really gone. Ctrl+C stops the work as soon as that is safe.',
            'This must run in a terminal, because a person has to approve each change.',
        ],
        json: changeKeys,
        exitStatus: {
            ...ofChange,
            [exit.ok]: 'The change was made, and the fault is gone or cannot be checked.',
            [exit.notWell]: 'The change was made, but the fault is still there.',
        },
        examples: [
            ['reeve fix 3', 'Apply the best fix for incident 3.'],
            ['reeve fix 3 2', 'Apply the fix that reeve show 3 lists as 2.'],
        ],
        load: async () => (await import('./commands/change.ts')).fix,
    },
    {
        name: 'do',
        summary: 'plan a change that you wish, and make it with your consent',
        operands: [{ name: 'WISH…' }],
        options: { json },
        description: [
            'Makes a plan for WISH, in English, German or Arabic: the steps, the exact calls, the risk, and whether it can be undone. Then asks whether to apply it. No language model is needed.',
            'What Reeve does not know how to do, it does not do. Without a terminal nothing is applied; the plan waits for reeve fix.',
        ],
        json: `${changeKeys} Without a plan or a terminal: wish, understood, answer, proposals.`,
        exitStatus: {
            ...ofChange,
            [exit.ok]: 'The change was made.',
            [exit.notWell]: 'Reeve does not know how to do that, or the change had no effect.',
            [exit.refused]:
                'You declined, the system did not allow it, it cannot be done as things are, or this is not a terminal.',
        },
        examples: [
            ['reeve do turn on dark mode', ''],
            ['reeve do "make the text bigger"', ''],
        ],
        load: async () => (await import('./commands/do.ts')).run,
    },
    {
        name: 'run',
        summary: 'run a command in a sandbox, and keep what it changed with your consent',
        operands: [{ name: 'COMMAND…' }],
        options: {
            folder: {
                short: 'f',
                value: 'FOLDER',
                path: 'directory',
                many: true,
                description: 'A folder that it may change; may be repeated. Default: the working directory.',
            },
            network: { description: 'Let it use the network.' },
            json,
        },
        description: [
            'Runs COMMAND with a copy of the working directory, and shows its output, its exit status and which files it created, changed and deleted, each with its difference. Then asks whether to make the same changes in the folder itself. Replaced and deleted files go to the trash, and reeve undo restores them.',
            'The command is confined: it reads the programs and settings of the system and the named folders, and nothing else of your home directory. It reaches no bus, no other program and, without --network, no network; it cannot become root. It may take 10 minutes, 2 GiB of memory and 512 processes.',
            'A folder has to be in your home directory and your own, with at most 50,000 files or 1 GiB. A plan has at most 100 files of at most 1 MiB each.',
            'Write -- before COMMAND if it has options. No shell reads it; for one, run sh -c.',
            'This must run in a terminal.',
        ],
        json: `Two objects. First: ended ("exit", "time", "memory", "disk", "killed"), exit_status, sandbox, output, left_out (path, why), refusal, proposals (as in reeve show). If there is a plan, then as reeve fix: ${changeKeys}`,
        exitStatus: {
            ...ofChange,
            [exit.ok]: 'The changes were made, or the command succeeded and changed nothing.',
            [exit.notWell]: 'The command failed and changed nothing, or a file is not as it left it.',
            [exit.notFound]: 'There is no such folder.',
            [exit.failed]:
                'The command could not be run, or what it changed is too much for a plan. Or the service failed.',
        },
        examples: [
            ['reeve run -- make', 'See what make would create.'],
            [`reeve run -- sed -i 's/colour/color/' notes.txt`, 'See the difference before it is made.'],
            ['reeve run --network -- git pull', ''],
        ],
        load: async () => (await import('./commands/run.ts')).run,
    },
    {
        name: 'tasks',
        summary: 'list what you asked for',
        operands: [],
        options: { json },
        description: [
            'Lists the wishes of reeve do and of the chat, oldest first, each with its plan and what became of it. reeve fix tN applies the plan of task tN, reeve undo tN undoes it.',
        ],
        json: 'One object: tasks, a list of objects: id, created, asked, proposals (as in reeve show).',
        exitStatus: served,
        examples: [['reeve tasks', 'Everything that you asked for, with the number of each task.']],
        load: async () => (await import('./commands/tasks.ts')).run,
    },
    {
        name: 'undo',
        summary: 'undo the fix of an incident, or a task',
        operands: [owner],
        options: { json },
        description: [
            'Undoes the fix that was last applied to incident N, or what was done for a task such as t3. First shows exactly what that does, and checks that it is still possible; then asks for your consent. Reeve keeps what it needs to undo a change. If a change cannot be undone, its plan says so.',
        ],
        json: changeKeys,
        exitStatus: ofChange,
        examples: [
            ['reeve undo 3', 'Undo the last fix of incident 3.'],
            ['reeve undo t3', 'Undo what was done for task t3 of reeve tasks.'],
        ],
        load: async () => (await import('./commands/change.ts')).undo,
    },
    {
        name: 'check',
        summary: 'check whether an incident is resolved',
        operands: [incident],
        options: { json },
        description: ['Runs the recovery check of incident N now. If the fault is gone, the incident is closed.'],
        json: 'One object: incident, gone, detail.',
        exitStatus: { ...ofIncident, [exit.ok]: 'The fault is gone.', [exit.notWell]: 'It is still broken.' },
        examples: [['reeve check 3', 'Check whether the fix helped.']],
        load: async () => (await import('./commands/check.ts')).run,
    },
    {
        name: 'dismiss',
        summary: 'close an incident without fixing it',
        operands: [incident],
        options: {
            forever: { description: 'Never report this kind of incident for this subject again.' },
            json,
        },
        description: ['Closes incident N. This must run in a terminal.'],
        json: 'One object: incident, dismissed, forever.',
        exitStatus: { ...ofIncident, [exit.refused]: 'This is not a terminal.' },
        examples: [['reeve dismiss 3 --forever', 'Ignore this incident from now on.']],
        load: async () => (await import('./commands/dismiss.ts')).run,
    },
    {
        name: 'muted',
        summary: 'list what is muted',
        operands: [],
        options: { json },
        description: [
            'Lists what was muted with reeve dismiss --forever or with “Never report” on the desktop, oldest first.',
        ],
        json: 'One object: muted, a list of objects: family, scope, subject, since.',
        exitStatus: served,
        examples: [['reeve muted', 'List everything that is muted.']],
        load: async () => (await import('./commands/muted.ts')).muted,
    },
    {
        name: 'unmute',
        summary: 'unmute something',
        operands: [{ name: 'SUBJECT' }],
        options: { json },
        description: ['Unmutes SUBJECT, as listed by reeve muted. It is reported again from its next failure.'],
        json: 'One object: unmuted, a list of objects as in reeve muted.',
        exitStatus: { ...served, [exit.notFound]: 'SUBJECT is not muted.' },
        examples: [['reeve unmute ssh.service', 'Report failures of ssh again.']],
        load: async () => (await import('./commands/muted.ts')).unmute,
    },
    {
        name: 'grants',
        summary: 'list and change what Reeve may do without asking',
        operands: [
            { name: 'ACTION', optional: true, choices: ['list', 'add', 'remove'] },
            { name: 'N', optional: true },
        ],
        options: {
            days: { value: 'DAYS', description: 'add: for so many days, from 1 to 365. The default is 30.' },
            times: { value: 'COUNT', description: 'add: at most so many times, from 1 to 100. The default is 20.' },
            'per-hour': {
                value: 'COUNT',
                description: 'add: at most so many times in an hour, from 1 to 10. The default is 3.',
            },
            json,
        },
        description: [
            'list, the default, shows the standing grants: what Reeve may do without asking, how often it did, and until when. There are none until you make one.',
            'add allows the fix of incident N for the next times that the same fault happens. It shows the plan, and asks for your consent. Only restarts of a service can be allowed: they lose nothing and can be undone. It must run in a terminal.',
            'remove ends the grant N, a name such as 4f2a91c0 that list shows.',
            'A grant that does not help, or is needed too often, is suspended. add allows it again.',
        ],
        json: 'list: one object: grants, a list of objects: id, title, action, family, kind, subject, reason, made, ends, uses, uses_allowed, uses_per_hour, last_used, state ("usable", "suspended", "over", "used-up"), root. remove: one object: removed. add: as for reeve fix.',
        exitStatus: { ...ofChange, [exit.notFound]: 'There is no such incident or grant.' },
        examples: [
            ['reeve grants add 3 --days 90', 'Always fix what incident 3 was about, for 90 days.'],
            ['reeve grants remove 4f2a91c0', 'Be asked again.'],
        ],
        load: async () => (await import('./commands/grants.ts')).run,
    },
    {
        name: 'services',
        summary: 'list, start and stop the model servers that the configuration declares',
        operands: [
            { name: 'ACTION', optional: true, choices: ['list', 'start', 'stop', 'show', 'logs'] },
            { name: 'NAME', optional: true },
        ],
        options: {
            lines: { value: 'COUNT', description: 'logs: so many lines, 1000 at most. The default is 50.' },
            json,
        },
        description: [
            'Model servers, such as llama-server, vLLM, Ollama or a whisper server, are declared in config.toml, in a table [services.NAME] each; docs/configuration.md has the fields. They are run by your own service manager, as a unit that you have, as a program, or as a container of Podman or Docker.',
            'list, the default, asks each of them whether it is well. show shows one. logs shows the last lines of its log.',
            'start and stop show the plan, and ask for your consent. They must run in a terminal. Of a program or a container, start first writes its unit.',
        ],
        json: 'list: one object: services, a list of objects: name, kind ("unit", "command", "container"), unit, url, state ("stopped", "starting", "healthy", "unhealthy", "failed"), detail. show: one of them. logs: one object: entries, a list of objects: time, message. start, stop: as for reeve fix.',
        exitStatus: {
            ...ofChange,
            [exit.notFound]: 'There is no such service.',
            [exit.notWell]: 'list, show: one of them failed, or does not answer as it should.',
        },
        examples: [['reeve services start chat', 'Start the server that [services.chat] declares.']],
        load: async () => (await import('./commands/services.ts')).run,
    },
    {
        name: 'preferences',
        summary: 'list and change what you stated about names and about what is never to be done',
        operands: [
            { name: 'ACTION', optional: true, choices: ['list', 'add', 'edit', 'forget'] },
            { name: 'N|SENTENCE…', optional: true },
        ],
        options: { json },
        description: [
            'list, the default, shows what you stated, in your own words. In a conversation, say it as it comes: “call it the NAS”, “never restart docker for me”.',
            'add states a preference: a name of your own (“my name for eth0 is dock”), or a change that is never to be planned (“never restart docker”). edit puts a sentence in the place of preference N. forget removes preference N.',
            'A plan that a preference forbids is refused with your words. That also holds for the fixes of incidents and for what a model proposes.',
        ],
        json: 'list, add, edit: one object: preferences, a list of objects: id, said, kind ("name", "never"), name, thing, actions, made.',
        exitStatus: {
            ...served,
            [exit.notFound]: 'There is no such preference.',
            [exit.failed]: 'The sentence states no preference that Reeve understands, or the service failed.',
        },
        examples: [
            ['reeve preferences add my name for eth0 is dock', ''],
            ['reeve preferences forget 2', 'Allow it again.'],
        ],
        load: async () => (await import('./commands/preferences.ts')).run,
    },
    {
        name: 'ask',
        summary: 'ask about this computer',
        operands: [{ name: 'QUESTION…', optional: true }],
        options: {
            model: { short: 'm', value: 'MODEL', description: 'Use this language model; “built-in” for none.' },
            file: { short: 'f', value: 'FILE', many: true, description: 'Attach a text file. A model answers.' },
            incident: {
                value: 'N',
                description: 'Ask about this incident. A model adds to the diagnosis by the rules.',
            },
            conversation: { value: 'N', description: 'Continue conversation N and save it; “new” starts one.' },
            schema: { value: 'FILE', description: 'Answer with one JSON document that matches this JSON Schema.' },
            deadline: { value: 'SECONDS', description: 'Give up after this time.' },
            explain: { description: 'Do not answer: say how the sentence is read without a model.' },
            json,
        },
        description: [
            'Answers a question about this computer from what it can see: what failed and why, what uses memory, processor or disk, whether the network is up and where it stops, what changed recently, how a service is doing, the last crash, versions. The words are joined with spaces. Without any, the question is read from standard input.',
            'Everything else goes to the language model, if one is selected (see reeve models). Its look-ups are shown on standard error. It cannot change anything. If it proposes a fix, reeve show lists that like any other.',
            'With --explain, it shows the phrase that the sentence comes nearest to, its parameters, the words that it ignores, and the nearest other readings with why they were not taken. A score says how near a reading comes, from 0 to 1.',
            'Where two questions may be meant, it lists them with numbers. In a terminal, it asks for the number; elsewhere, ask that question.',
            'The answer appears as it is written, followed by its evidence and by who answered. Ctrl+C stops it.',
        ],
        json: 'One object: question, outcome ("success", "failed", "cancelled"), answer, answerer ("built-in" or the name of a model), topic ("none" when nothing could answer), steps (tool, title, failed, touched), evidence (source, time, origin, message, cursor), incidents (numbers), proposals (numbers), conversation (0 for none), suggestions, choices (questions, one of which may be meant); after a failure also error and message. With --explain: question, taken and others (kind, id, phrase, parameters, score, lost, reason), ignored.',
        exitStatus: {
            ...served,
            [exit.ok]: 'There is an answer.',
            [exit.notWell]: 'Reeve cannot answer this question, and said what it can answer.',
            [exit.failed]: 'The service failed: it is paused or busy. Or the output cannot be written.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve ask what is using my memory', ''],
            ['reeve ask "why did ssh fail" --json | jq -r .answer', 'Only the answer.'],
            ['reeve ask --incident 3 "why did this happen?"', 'The diagnosis by the rules, and what a model adds.'],
            ['reeve ask --explain which port is open', 'How the sentence was read, and what else it could mean.'],
            ['reeve ask -f /etc/fstab "is anything wrong here?"', ''],
        ],
        load: async () => (await import('./commands/ask.ts')).run,
    },
    {
        name: 'models',
        summary: 'manage language models',
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
                description: 'use: only for quick questions, or only for hard ones.',
            },
            'even-if-too-large': { description: 'download: even if the model does not fit into memory.' },
            all: { short: 'a', description: 'recommend: include models that do not fit this computer.' },
            json,
        },
        description: [
            'list, the default, shows the installed models, what each is used for, and current downloads. recommend shows which models fit this computer and why, and survey the facts behind that. None of them uses the network.',
            'download fetches MODEL, a name that recommend shows or OWNER/NAME/FILE.gguf for any other of huggingface.co, checks it and installs it. Ctrl+C stops it, and the same command resumes it later. Without a terminal, the download continues in the service. cancel stops a download that was started elsewhere.',
            'import copies the GGUF file MODEL. use selects the installed MODEL, or none. remove deletes MODEL, or its partial download.',
            'key stores a key for the server in server.url of the configuration in the keyring. Type it (it is not shown), or pipe it in.',
            'status shows what a model runs on, why not on something better, and what is loaded. probe tests that again, for example after you installed a driver. unload frees the memory of a model.',
        ],
        json: 'list: one object: installed (id, name, path, size, sha256, installed, origin, revision, architecture, parameters, quantisation, licence, context, need, template ("none", "plain", "tools")), quick, hard (ids, empty for none), transfers (id, name, kind, received, total, step, running). status, probe: one object: accelerator ("cuda", "vulkan", "cpu", "remote", empty while it is not known), device, why, tried (accelerator, works, device, detail), loaded (an id, empty for none), layers, layers_accelerated, memory, memory_gpu, context, threads. unload: loaded. recommend: one object: models, the whole catalogue from the weakest to the strongest, with place ("gpu", "split", "cpu", "none"), has_space, fast, roles, reason and more. survey: one object: gpus, memory, memory_available, cores, disk, model_memory, model_gpu_memory. download, import: one object: outcome ("success", "failed", "cancelled"), model; after a failure also error and message. use: quick, hard. remove, cancel: model. key: kept. Sizes are bytes.',
        exitStatus: {
            [exit.notWell]: 'list: no model is installed. status: it is not known yet. recommend: none fits.',
            [exit.notFound]: 'There is no such model or file.',
            [exit.failed]: 'The model could not be installed. The message says why.',
        },
        examples: [
            ['reeve models recommend', 'Show what runs here, and how well.'],
            ['reeve models download qwen3-4b-2507', ''],
            ['reeve models import ~/Downloads/model.gguf', ''],
            ['reeve models use qwen3-0.6b --for quick', 'Use a small model for quick questions.'],
        ],
        load: async () => (await import('./commands/models.ts')).run,
    },
    {
        name: 'timeline',
        summary: 'show what changed, and when',
        operands: [],
        options: {
            since: { value: 'TIME', description: 'Only entries at or after TIME; see above.' },
            until: { value: 'TIME', description: 'Only entries at or before TIME.' },
            kind: {
                value: 'KIND',
                many: true,
                choices: timelineKinds,
                description: 'Only entries of this kind. Can be given several times.',
            },
            subject: {
                value: 'NAME',
                description: 'Only entries about NAME, for example "ssh.service". Diffs are then shown in full.',
            },
            text: { value: 'WORDS', description: 'Only entries that contain all WORDS.' },
            limit: {
                short: 'n',
                value: 'COUNT',
                description: 'Show at most COUNT entries, from 1 to 1000. The default is 100.',
            },
            json,
        },
        description: [
            'Lists the changes on this computer that Reeve knows of, newest first. Packages that were installed, upgraded or removed within minutes of each other are one entry; --json lists each of them with its version.',
            'TIME is a duration before now ("90min", "2h", "3d", "1w"), "today", "yesterday", a local date or time ("2026-11-21", "2026-11-21 03:14", "03:14"), or ISO 8601.',
        ],
        json: 'One object: entries, a list of objects: id, time, kind, event, subject, source, summary, detail, facts.',
        exitStatus: served,
        examples: [
            ['reeve timeline --since 2h', 'Show what changed in the last two hours.'],
            ['reeve timeline --kind file --subject /etc/fstab', 'Show every change of a file, with its diff.'],
        ],
        load: async () => (await import('./commands/timeline.ts')).run,
    },
    {
        name: 'pause',
        summary: 'stop all watching and answering',
        operands: [],
        options: { json },
        description: [
            'Stops everything that Reeve does until reeve resume, also after a restart. Running questions and fixes are cancelled as soon as that is safe.',
        ],
        json: 'One object: paused.',
        exitStatus: served,
        examples: [['reeve pause', '']],
        load: async () => (await import('./commands/pause.ts')).pause,
    },
    {
        name: 'resume',
        summary: 'resume watching and answering',
        operands: [],
        options: { json },
        description: [
            'Ends a pause. Reeve does not read what was logged in the meantime, but finds what is still broken.',
        ],
        json: 'One object: paused.',
        exitStatus: served,
        examples: [['reeve resume', '']],
        load: async () => (await import('./commands/pause.ts')).resume,
    },
    {
        name: 'search',
        summary: 'search the documentation on this computer',
        operands: [{ name: 'WORDS…', optional: true }],
        options: {
            limit: {
                short: 'n',
                value: 'COUNT',
                description: 'Show at most COUNT pages, from 1 to 100. The default is 3.',
            },
            update: { description: 'Only bring the index up to date.' },
            remove: { description: 'Only remove the index.' },
            json,
        },
        description: [
            'Finds the pages that WORDS, or a question, are about, best first, each with the passage that fits best: manual pages of commands, files and conventions, GNOME’s help, and the README files of packages, in English.',
            'Works without the service, the network and a language model. The first search makes an index in $XDG_CACHE_HOME/reeve/knowledge/, which takes some seconds; later ones read only what has changed. After Ctrl+C, the next search goes on. The service updates the index once a day, unless knowledge.enabled is false in the configuration; knowledge.folders names folders with Markdown, text and PDF files of your own.',
        ],
        json: 'One object: pages (how many are in the index), results, a list of objects: title, section (null for the summary of the page), kind ("manual", "help", "document"), summary, path, text.',
        exitStatus: {
            [exit.ok]: 'Something was found.',
            [exit.notWell]: 'Nothing was found.',
            [exit.failed]: 'The index cannot be written or read.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve search extract a tar archive', ''],
            ['reeve search --json -n 10 chmod 755', 'Ten pages, for a script.'],
        ],
        load: async () => (await import('./commands/search.ts')).run,
    },
    {
        name: 'analyze',
        summary: 'show what Reeve would report for a log',
        operands: [],
        options: {
            file: {
                value: 'JOURNAL',
                path: 'file',
                many: true,
                description: 'A journal file. Can be given several times.',
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
                    'A journal in the export format, as from journalctl --output=export; - for standard input.',
            },
            text: {
                value: 'LOG',
                path: 'file',
                description:
                    'A plain-text log, one entry per line: syslog, dmesg, any short format of journalctl, or bare messages; - for standard input.',
            },
            since: { value: 'TIME', description: 'Skip what was logged earlier.' },
            'per-line': {
                description: 'With --text: for every line, in order, print as JSON whether it needs attention.',
            },
            json,
        },
        description: [
            'Runs the detection of the live service on a log: without the service, without the network, and without changing anything. Unless an option names a log, it reads the journal of this computer.',
            'Lists every incident, even if it was resolved by the end of the log. In a journal, a fault counts only if the right program reports it: the kernel, the service manager, or the program in question. In a plain-text log, the name in the line is all there is.',
            'Local rules (see reeve help faults) apply, too, but not with --per-line.',
            'TIME is a duration before now (90min, 2h, 3d), today, yesterday, a local date or time, or ISO 8601. Lines without a time are never skipped.',
        ],
        json: 'One object per line for each incident, the most severe first: family, kind, local_rule (file and line of a local rule, null for Reeve’s own), subject, severity ("critical", "high", "medium", "low"), title, cause, first, last (ISO 8601 in UTC, null when the log has no times), count, evidence (line, cursor, message). With --per-line one object for every line of the log: line (its number), actionable (false if nobody needs to act on it), family and severity (null if the line is not known).',
        exitStatus: {
            [exit.ok]: 'The log was read, whatever it contains.',
            [exit.unavailable]: 'The log cannot be read, or has another format.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve analyze --since today', 'Show what happened here today.'],
            ['reeve analyze --text /var/log/syslog --json', 'Analyze a log of any computer, for a script.'],
            ['journalctl -o export | reeve analyze --input -', 'Analyze a journal from another computer.'],
        ],
        load: async () => (await import('./commands/analyze.ts')).run,
    },
    {
        name: 'faults',
        summary: 'list the faults that Reeve recognises, and test your own rules',
        operands: [
            { name: 'ACTION', choices: ['list', 'show', 'test'] },
            { name: 'KIND|FILE', optional: true },
            { name: 'LOG', optional: true },
        ],
        options: { local: { description: 'list: only those of local rules.' }, json },
        description: [
            'list shows every fault that log lines or changes report, as FAMILY/KIND, and the mistakes in files of local rules: /etc/reeve/faults.d/*.yaml and $XDG_CONFIG_HOME/reeve/faults.d/*.yaml. show describes KIND, FAMILY or FAMILY/KIND: the log lines, which programs may write them, when the fault is resolved, and its fixes.',
            'test checks FILE, a file of local rules, and shows what they would have found in LOG: a plain-text log, a journal in the export format, a journal file or a directory of journal files. A plain-text log does not say which unit wrote a line, so there a rule that trusts a unit trusts every line.',
            'These commands work without the service and change nothing. docs/local-rules.md describes the files.',
        ],
        json: 'list, show: one object: faults (family, kind, title, severity, facts, fixes, advice, lines, local_rule), and problems with list. test: one object: problems (file, line, field and what is wrong), incidents (as in reeve analyze), entries (how many there were).',
        exitStatus: {
            [exit.ok]: 'It worked; with test, the rules found something.',
            [exit.notWell]: 'list: a file of rules has a mistake. test: FILE has one, or the rules found nothing.',
            [exit.unavailable]: 'The log cannot be read.',
            [exit.notFound]: 'There is no such fault or file.',
            [exit.interrupted]: 'Cancelled with Ctrl+C.',
        },
        examples: [
            ['reeve faults show bluetooth', 'Describe the Bluetooth faults.'],
            ['reeve faults test backup.yaml /var/log/syslog', 'Show what a new rule would have found.'],
            ['reeve faults list --local', 'List the local rules.'],
        ],
        load: async () => (await import('./commands/faults.ts')).run,
    },
    {
        name: 'update',
        summary: 'show how Reeve was installed, and update it with your consent',
        operands: [],
        options: {
            check: { description: 'Only look: nothing is planned or asked.' },
            json,
        },
        description: [
            'Shows which way Reeve was installed, and whether the package lists, as they were downloaded last, have a newer version. Of language models, it names those of the catalogue that are newer or stronger than the installed ones. It does not ask the network.',
            'If apt or dnf has a newer package, it shows the plan that updates it and asks whether to apply it. For any other kind of installation, it shows the commands. The update restarts the service.',
            'Without a terminal, and with --json, it only looks.',
        ],
        json: 'One object: version, way ("deb", "rpm", "pacman", "tarball", "checkout", "nix", "unknown"), checkout (the folder of the sources, if it was installed from there), newer (a version or null), steps (lists of words: commands for a person), models (null if the service cannot be reached, or id, name, replaces).',
        exitStatus: {
            ...ofChange,
            [exit.ok]: 'Nothing newer is known, or it was installed.',
            [exit.notWell]: 'Something newer is known.',
        },
        examples: [
            ['reeve update', 'Update Reeve.'],
            ['reeve update --check --json', 'Look, for a script.'],
        ],
        load: async () => (await import('./commands/update.ts')).run,
    },
    {
        name: 'doctor',
        summary: 'show what keeps Reeve, or the hardware, from working fully',
        operands: [],
        options: {
            hardware: {
                description:
                    'Check the hardware instead: drives, batteries, temperatures, memory, and what the kernel has said since its start about the firmware (BIOS, ACPI, microcode).',
            },
            privacy: {
                description:
                    'Look at what could leave this computer and what is left on it instead: the internet sockets of all processes of Reeve, who can read its folders, core dumps, swap, graphics cards, and what is kept for how long.',
            },
            json,
        },
        description: [
            'Checks Reeve itself: its permissions, its database, its log, its configuration.',
            'Faults of the firmware are on most computers, and few have an effect: Reeve never reports them as incidents. --hardware lists them, as severe as the Firmware Test Suite grades them.',
        ],
        json: 'One object: checks, a list of objects: id, title, status ("fine", "note", "problem"), detail, remedy.',
        exitStatus: { ...served, [exit.ok]: 'No problem was found.', [exit.notWell]: 'There is a problem.' },
        examples: [
            ['reeve doctor', 'Check Reeve itself.'],
            ['reeve doctor --hardware', 'Check the hardware and its firmware.'],
            ['reeve doctor --privacy', 'See that nothing is connected anywhere.'],
        ],
        load: async () => (await import('./commands/doctor.ts')).run,
    },
    {
        name: 'audit',
        summary: 'show what Reeve did, in a log that reveals tampering',
        operands: [{ name: 'list|verify', optional: true, choices: ['list', 'verify'] }],
        options: {
            limit: {
                short: 'n',
                value: 'COUNT',
                description: 'Show at most COUNT entries, from 1 to 1000. The default is 100.',
            },
            json,
        },
        description: [
            'Lists what Reeve did and who approved it, newest first. Or verifies that nobody altered the log.',
            'Every entry contains the hash of the one before it. Keep the newest hash, which verify prints, somewhere else. With it, you can notice later that the log was truncated or rewritten.',
        ],
        json: 'list: one object: entries, a list of objects: id, time, event, actor, subject, detail, hash. verify: one object: ok, checked, detail, head.',
        exitStatus: { ...served, [exit.notWell]: 'verify: the log was altered.' },
        examples: [['reeve audit verify', '']],
        load: async () => (await import('./commands/audit.ts')).run,
    },
    {
        name: 'backup',
        summary: 'save what Reeve knows in a file',
        operands: [{ name: 'FILE', optional: true, path: 'file' }],
        options: { models: { description: 'Include the files of language models, which take gigabytes.' }, json },
        description: [
            'Saves incidents, timeline, audit log, conversations, mutes, grants, the kept versions of files, the configuration and the local rules in FILE, which must not exist. The default is reeve-TIME.sqlar in the working directory. The service may run meanwhile. docs/data.md says what is not in it, and why.',
            'The file is an SQLite archive: sqlite3 FILE -A --list shows what it holds. It is as private as what it holds.',
        ],
        json: 'One object: path, size (bytes), contents and rules (numbers of files), models, a list of objects: id, name, size, sha256, roles.',
        exitStatus: {
            [exit.notFound]: 'There is nothing to save yet.',
            [exit.failed]: 'FILE exists, or cannot be written.',
        },
        examples: [['reeve backup /media/usb/reeve.sqlar', '']],
        load: async () => (await import('./commands/backup.ts')).backup,
    },
    {
        name: 'restore',
        summary: 'put back what reeve backup saved',
        operands: [{ name: 'FILE', path: 'file' }],
        options: { yes: { description: 'Do not ask. For scripts.' }, json },
        description: [
            'Shows what FILE holds and asks whether to put it back. First reads and checks all of it: a file that is damaged, that comes from a newer Reeve or that Reeve did not make is refused, and nothing is changed.',
            'What is there now is saved in $XDG_STATE_HOME/reeve/backups/ before anything is replaced; to go back, restore that. Configuration and local rules of the same name are replaced, others stay. The service is stopped meanwhile. Standing grants come back suspended, until you allow them again.',
            'Restore only files that you made: what a backup says about past fixes is believed.',
        ],
        json: 'One object: restored, before (the path of the backup of what was there), missing (models to install again, as in reeve backup).',
        exitStatus: {
            [exit.refused]: 'You declined, or this is not a terminal and --yes was not given.',
            [exit.notFound]: 'There is no such file.',
            [exit.interrupted]: 'Cancelled with Ctrl+C at the question.',
            [exit.failed]: 'The backup cannot be used, the service cannot be stopped, or a file cannot be written.',
        },
        examples: [['reeve restore reeve.sqlar', '']],
        load: async () => (await import('./commands/backup.ts')).restore,
    },
    {
        name: 'help',
        summary: 'show the manual of a command',
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
