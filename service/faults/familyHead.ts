/**
 * The head of a family's `rules.yaml`: what the service knows by name of the programs that belong to the family. Everything in
 * it is optional. Lists are words between spaces.
 *
 *     programs: # who is trusted, by the names that `from` has for them
 *         bluetooth:
 *             names: bluetoothd hcid obexd # SYSLOG_IDENTIFIER of text and _COMM of processes, in lower case
 *             units: bluetooth # without suffix; "@" at the end stands for any instance
 *             ofUser: true # it runs in each user's session
 *             executables: /usr/bin/sudo # _EXE of what people run themselves
 *     severity: # of a crash of these programs and of a failure of these units; others have medium
 *         high: # regular expressions of whole names
 *             programs: pipewire\S* wireplumber # of which the kernel may have kept fifteen letters
 *             systemUnits: udisks2\.service # userUnits: of users' service managers; units: of all
 *     descriptions: # Description= of units, where a log has nothing else, as those of systemd before 250 do
 *         Bluetooth service: bluetooth.service
 *     subsystem: # only in text, where a line may not count by itself
 *         programs: bluetoothd hcid # programs whose complaints are about this family
 *         monitors: ipmievd # programs that report on anything: their words tell the family, and without any it is this one
 *         severity: medium # of complaints about this family; high if it is not given
 *     explains: # what else fails because of these faults, so that it is part of their incident
 *         - kinds: [driver] # of this family; all if it is not given
 *           faults: [desktop, unit core-dump] # families, or a family and a kind; any if it is not given
 *           subjects: xorg xwayland # in lower case; any if it is not given
 *           about: device # on the same device or below it, as far as is known; `subject`: about the same; `program`: only one
 *           # more report of the unit's own program; `settings`: a program whose settings are the subject did not start; `files`:
 *           # files below the mount point that is the subject, if it is one; `anything`
 *           words: [no space left on device] # one of these is in the evidence of what failed, in lower case
 *           within: 120 # seconds after the cause; by default as long as a burst
 *           onlyInText: true # not in a journal, which says more
 *     verbosity: # only in text: how much the words of a program count (service/textAnalysis/verbosity.ts)
 *         talkative: bluetoothd* # a "*" at an end stands for anything
 *
 * `head.yaml` in a folder has the same keys: that of `unit`, whose rules are code, and that of `shared`, for what belongs to no
 * family or to all of them. Each is claimed once: build/familyHeads.ts fails on a second claim, and makes the tables that the
 * service uses.
 */
import * as z from 'zod';
import { severity as level } from '../model/incident.ts';

/** Words between spaces, each once. */
const wordList = z
    .string()
    .transform(text => text.split(/\s+/).filter(word => word !== ''))
    .superRefine((all, context) => {
        if (all.length === 0) context.addIssue('is empty');
        for (const twice of all.filter((word, index) => all.indexOf(word) !== index))
            context.addIssue(`has a word twice: ${twice}`);
    });

const lowerCaseList = wordList.superRefine((all, context) => {
    for (const word of all) if (word !== word.toLowerCase()) context.addIssue(`must be lower case: ${word}`);
});

const program = z.strictObject({
    names: lowerCaseList,
    units: wordList.optional(),
    ofUser: z.literal(true, { error: 'can only be true' }).optional(),
    executables: wordList.optional(),
});

const patternList = wordList.superRefine((all, context) => {
    for (const pattern of all)
        try {
            new RegExp(pattern);
        } catch {
            context.addIssue(`is not a regular expression: ${pattern}`);
        }
});

const severities = z.strictObject({
    programs: patternList.optional(),
    systemUnits: patternList.optional(),
    userUnits: patternList.optional(),
    units: patternList.optional(),
});

const nameList = lowerCaseList.superRefine((all, context) => {
    for (const name of all) if (/.\*./.test(name)) context.addIssue(`has a * that is not at the end: ${name}`);
});

/** `kernel` and `anybody` are no programs. */
const sourceName = z.string().regex(/^(?!(?:kernel|anybody)$)[a-z][a-zA-Z]*$/, 'cannot be the name of a program');

export const headKeys = {
    programs: z.record(sourceName, program, { error: 'is not a map' }).optional(),
    severity: z
        .strictObject({
            critical: severities.optional(),
            high: severities.optional(),
            low: severities.optional(),
        })
        .optional(),
    descriptions: z.record(z.string(), z.string()).optional(),
    subsystem: z
        .strictObject({
            programs: lowerCaseList.optional(),
            monitors: lowerCaseList.optional(),
            severity: level.optional(),
        })
        .optional(),
    explains: z
        .array(
            z.strictObject({
                kinds: z.array(z.string()).min(1).optional(),
                subjects: lowerCaseList.optional(),
                faults: z.array(z.string()).min(1).optional(),
                about: z.enum(['device', 'subject', 'named', 'program', 'settings', 'files', 'anything']),
                words: z
                    .array(z.string().refine(text => text === text.toLowerCase(), { error: 'must be lower case' }))
                    .min(1)
                    .optional(),
                within: z.int().positive().optional(),
                onlyInText: z.literal(true).optional(),
            }),
        )
        .optional(),
    verbosity: z
        .strictObject({
            session: nameList.optional(),
            loud: nameList.optional(),
            talkative: nameList.optional(),
            serving: nameList.optional(),
        })
        .optional(),
};

/** The head in a whole file of rules. */
export const headOfRules = z.object({ name: z.string().optional(), ...headKeys });

/** A file that has nothing but a head. Without a name it belongs to no family, and so is no subsystem. */
export const headFile = z.strictObject(headOfRules.shape).superRefine(({ name, subsystem, explains }, context) => {
    for (const [key, input] of Object.entries({ subsystem, explains }))
        if (name === undefined && input !== undefined)
            context.issues.push({ code: 'custom', path: [key], message: 'needs a family', input });
});

export type FamilyHead = z.infer<typeof headFile>;
