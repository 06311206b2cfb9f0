/**
 * Log lines for the journal. Under systemd each line carries its priority as sd-daemon(3) wants it; elsewhere the word.
 *
 * Questions and answers never go in here.
 */
const levels = { error: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;
export type Level = keyof typeof levels;
export const levelNames = ['error', 'warning', 'notice', 'info', 'debug'] as const satisfies Level[];

const toJournal = process.env.JOURNAL_STREAM !== undefined;
const chosen = levelNames.find(name => name === process.env.REEVE_LOG);
let threshold = levels[chosen ?? 'info'];

/** Sets the least important level that is written; REEVE_LOG in the environment takes precedence. */
export function setLogLevel(level: Level): void {
    threshold = levels[chosen ?? level];
}

/** @param fields facts that belong to the line, printed as name=value with the values quoted as JSON */
export function log(level: Level, message: string, fields: Record<string, string | number | boolean> = {}): void {
    if (levels[level] <= threshold) logAlways(level, message, fields);
}

/** As `log`, however little is to be logged: for what is evidence. */
export function logAlways(level: Level, message: string, fields: Record<string, string | number | boolean>): void {
    const facts = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    const prefix = toJournal ? `<${levels[level]}>` : `${level}: `;
    process.stderr.write(`${prefix}${message}${facts.join('')}\n`);
}
