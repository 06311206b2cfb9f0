/**
 * The head of a family's `rules.yaml`: what the service knows by name of the programs that belong to the family. Everything in
 * it is optional. Lists are words between spaces.
 *
 *     programs: # who is believed, by the names that `from` has for them
 *         bluetooth:
 *             names: bluetoothd hcid obexd # SYSLOG_IDENTIFIER of text and _COMM of processes, in lower case
 *             units: bluetooth # without suffix; "@" at the end stands for any instance
 *             ofUser: true # it runs in each user's session
 *             executables: /usr/bin/sudo # _EXE of what people run themselves
 *
 * `head.yaml` in a folder has the same keys: that of `unit`, whose rules are code, and that of `shared`, for what belongs to no
 * family or to all of them. Each is claimed once: build/familyHeads.ts fails on a second claim, and makes the tables that the
 * service uses.
 */
import * as z from 'zod';

/** Words between spaces, each once. */
const wordList = z
    .string({ error: 'is no text' })
    .transform(text => text.split(/\s+/).filter(word => word !== ''))
    .superRefine((all, context) => {
        if (all.length === 0) context.addIssue('is empty');
        for (const twice of all.filter((word, index) => all.indexOf(word) !== index))
            context.addIssue(`has a word twice: ${twice}`);
    });

const lowerCaseList = wordList.superRefine((all, context) => {
    for (const word of all) if (word !== word.toLowerCase()) context.addIssue(`is compared in lower case: ${word}`);
});

const program = z.strictObject({
    names: lowerCaseList,
    units: wordList.optional(),
    ofUser: z.literal(true, { error: 'can only be true' }).optional(),
    executables: wordList.optional(),
});

/** `kernel` and `anybody` are no programs. */
const sourceName = z.string().regex(/^(?!(?:kernel|anybody)$)[a-z][a-zA-Z]*$/, 'cannot be the name of a program');

export const headKeys = {
    programs: z.record(sourceName, program, { error: 'is no map' }).optional(),
};

/** The head in a whole file of rules. */
export const headOfRules = z.object(headKeys);

/** A file that has nothing but a head. */
export const headFile = z.strictObject(headKeys);

export type FamilyHead = z.infer<typeof headFile>;
